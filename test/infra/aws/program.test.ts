import { existsSync } from "node:fs";
import { expect, it, vi } from "vitest";
import { answersOf } from "../../../infra/aws/mocked-graph.ts";
import { installation } from "../../../infra/installation.ts";
import { baseline, type Topology } from "../../../infra/topology/topology.ts";
import { awsCredentials as credentials, awsSettings as settings } from "../../support/aws-graph.ts";
import { runMockedProgram } from "../../support/mocked-program.ts";

const topology: Topology = { ...baseline, monitoring: "prometheus", release: { stable: "aaaaaaaaaaaa" } };

it.each([
  { what: "an update", more: {} },
  { what: "the last one, which takes the protection off", more: { retiring: "2026-01-01T00:00:00.000Z" } },
])("gives the topology when everything of it is there: $what", { timeout: 120_000 }, async ({ more }) => {
  expect(existsSync(installation.awsProgram), "dist/ is built (npm run build)").toBe(true);
  vi.resetModules();
  const load = async () => await import("../../../infra/aws/program.ts");
  const config = { target: "aws", topology, settings, ...more };
  const ran = await runMockedProgram({ load, config, credentials, answersOf });
  expect(ran.topology).toEqual(topology);
  expect(ran.order).toContain("aws:amp/workspace:Workspace");
  expect(ran.order.slice(ran.order.indexOf("topology"))).toEqual(["topology"]);
});
