import { expect, it } from "vitest";
import { monitoring } from "../../../cli/phases/monitoring.ts";
import { observeShop } from "../../../infra/aws/observation/observe-shop.ts";
import type { RunningTask } from "../../../infra/aws/observation/observe-tasks.ts";
import type { Proof } from "../../../cli/phases/step.ts";
import { phase1Host, up } from "../phases/observations.ts";

it.each<[shop: string, secrets: readonly string[][], ok: boolean, found: string]>([
  ["is told a DSN", [["SHOP_SENTRY_DSN"], ["SHOP_SENTRY_DSN"]], true, "Sentry"],
  ["is told none", [[], []], true, "no DSN of Sentry was given: the logs alone"],
  ["is told one in some of its tasks", [["SHOP_SENTRY_DSN"], []], false, "Sentry for web-1, the logs alone for web-2"],
])("of a shop on AWS that %s, monitoring says where its faults go", (_, secrets, ok, found) => {
  const tasks = secrets.map((names, at) => task(`web-${at + 1}`, names));
  expect(proofOfFaults(tasks)).toMatchObject({ ok, found });
});

function proofOfFaults(tasks: readonly RunningTask[]): Proof | undefined {
  const proofs = monitoring.verify({ ...phase1Host, ...observeShop(tasks) });
  return proofs.find(({ what }) => what === "faults of the shop are kept");
}

function task(name: string, secrets: readonly string[]): RunningTask {
  return {
    process: up(name, "web"),
    definition: { containerDefinitions: [{ secrets: secrets.map((each) => ({ name: each, valueFrom: "arn:aws" })) }] },
    address: undefined,
  };
}
