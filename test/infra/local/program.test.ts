import { existsSync } from "node:fs";
import { expect, it, vi } from "vitest";
import { steps } from "../../../cli/phases/index.ts";
import { pathPlanOf } from "../../../infra/environment/path-plan.ts";
import { portPlanOf } from "../../../infra/environment/port-plan.ts";
import { installation } from "../../../infra/installation.ts";
import { baseline, type Topology } from "../../../infra/topology/topology.ts";
import { runMockedProgram } from "../../support/mocked-program.ts";

const environment = {
  version: 1,
  name: "shop",
  target: "local",
  createdAt: "2026-01-01T00:00:00.000Z",
  ports: portPlanOf(20_000),
  paths: pathPlanOf("/var/tmp/shopctl-mocked", "shop"),
};
const credentials = {
  databaseShop: "shop",
  databasePooler: "pooler",
  redis: "redis",
  smtp: "smtp",
  sendgrid: "sendgrid",
};
const watched: Topology = { ...baseline, monitoring: "prometheus" };
const end = steps.reduce((topology, step) => step.apply(topology), baseline);

it.each([
  { what: "an update of a watched shop", topology: watched, preview: false },
  { what: "a preview of it", topology: watched, preview: true },
  { what: "an update at the end of the road", topology: end, preview: false },
])("gives the topology when everything of it is there: $what", async ({ topology, preview }) => {
  expect(existsSync(installation.program), "dist/ is built (npm run build)").toBe(true);
  vi.resetModules();
  const load = async () => await import("../../../infra/program.ts");
  const config = { target: "local", topology, environment };
  const ran = await runMockedProgram({ load, config, credentials, preview });
  expect(ran.topology).toEqual(topology);
  expect(ran.order).toContain("shopctl:local:GrafanaFiles");
  expect(ran.order.slice(ran.order.indexOf("topology"))).toEqual(["topology"]);
});
