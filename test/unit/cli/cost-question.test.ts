import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Session } from "../../../cli/adapters/session.ts";
import { plannedUsage } from "../../../cli/planning/cost/usage.ts";
import type { TargetName } from "../../../cli/planning/cost.ts";
import { sealPlan, type PlanContent } from "../../../cli/planning/saved-plan.ts";
import { costQuestion } from "../../../cli/rollout/cost-question.ts";
import { costReport } from "../../../cli/rollout/cost-report.ts";
import { createEnvironment } from "../../../infra/environment/store.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { figures } from "../../../service/contract/figures.ts";
import { planExample } from "../../support/plan-example.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "shopctl-cost-"));
  vi.stubEnv("SHOPCTL_HOME", home);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

describe("the bill of a saved plan", () => {
  it.each([
    ["local", 25],
    ["aws", 181.11],
  ] as const)("is by the prices of its environment on %s, which need not be at hand", async (target, usd) => {
    const subject = await costQuestion({ diff: saved(planExample(target, ["tier-standard"])) }, noSession);
    expect(subject).toMatchObject({ environment: "shop", target, runsOn: target });
    expect(costReport({ ...subject, budgetUsdPerMonth: 150 })).toMatchObject({
      target,
      after: { cost: { usdPerMonth: usd } },
      budget: { within: target === "local" },
    });
  });

  it("is by other prices where these are asked for", async () => {
    const diff = saved(planExample("aws", ["tier-standard"]));
    const subject = await costQuestion({ diff, target: "local" }, noSession);
    expect(subject).toMatchObject({ target: "local", runsOn: "aws" });
  });

  it("is refused where the plan's own bill is by no known prices, until these are named", async () => {
    const plan = planExample("aws", ["tier-standard"]);
    const [, ...rest] = plan.boundTo.prices.now;
    const now = [{ item: "A line of another version", usdPerMonth: 1 }, ...rest];
    const diff = saved({ ...plan, boundTo: { ...plan.boundTo, prices: { ...plan.boundTo.prices, now } } });
    await expect(costQuestion({ diff }, noSession)).rejects.toMatchObject({
      failure: {
        code: "configuration",
        what: `${diff} does not show whose prices its bill is by`,
        next: [`shopctl cost --diff ${diff} --target aws   (or local)`, "shopctl scale plan --out FILE"],
      },
    });
    expect(await costQuestion({ diff, target: "aws" }, noSession)).toMatchObject({ target: "aws", runsOn: null });
  });

  it("takes no usage from an environment of that name which runs elsewhere", async () => {
    // The accounts of its processes must be able to enter it.
    chmodSync(home, 0o755);
    await createEnvironment({ name: "shop", home });
    const here = { ...sessionOn("local"), target: async () => Promise.reject(new Error("it was asked for its usage")) };
    const question = (target: TargetName) =>
      costQuestion({ diff: saved(planExample(target, ["tier-standard"])) }, async () => here);
    expect(await question("aws")).toMatchObject({ usage: plannedUsage(figures.growth.designedForUsers) });
    await expect(question("local")).rejects.toThrow("it was asked for its usage");
  });

  it("is refused for another environment than the plan's", async () => {
    const diff = saved(planExample("local", ["tier-standard"]));
    expect(await costQuestion({ diff, env: "shop" }, noSession)).toMatchObject({ environment: "shop" });
    await expect(costQuestion({ diff, env: "other" }, noSession)).rejects.toMatchObject({
      failure: { code: "configuration", why: 'it is of environment "shop"' },
    });
  });

  it("without steps is that of what ran when it was saved", async () => {
    const topology = { ...baseline, tier: "pro" as const };
    const diff = saved(planExample("local", [], topology));
    expect(await costQuestion({ diff }, noSession)).toMatchObject({ topology, after: topology });
  });
});

describe("the bill of an environment", () => {
  it.each(["local", "aws"] as const)("on %s is by the prices there", async (target) => {
    const subject = await costQuestion({ env: "shop" }, async () => sessionOn(target));
    expect(subject).toMatchObject({ environment: "shop", target, runsOn: target, topology: baseline });
  });

  it("is by other prices where these are asked for", async () => {
    const subject = await costQuestion({ env: "shop", target: "aws" }, async () => sessionOn("local"));
    expect(subject).toMatchObject({ target: "aws", runsOn: "local" });
  });
});

it("a bill of no environment is by the growth plan's prices, or those that are asked for", async () => {
  expect(await costQuestion({ users: 20_000 }, noSession)).toMatchObject({ target: "local", runsOn: null });
  expect(await costQuestion({ target: "aws" }, noSession)).toMatchObject({ target: "aws", runsOn: null });
});

function saved(plan: PlanContent): string {
  const file = join(home, "plan.json");
  writeFileSync(file, sealPlan(plan));
  return file;
}

async function noSession(): Promise<Session> {
  throw new Error("no environment is at hand");
}

/** Of a shop at the baseline that nothing can be scraped of. */
function sessionOn(target: TargetName): Session {
  const resources = [{ urn: "", type: "pulumi:pulumi:Stack", custom: false, outputs: { topology: baseline } }];
  const session = {
    environment: { name: "shop", target },
    stack: { backendUrl: "s3://bucket" },
    engine: async () => ({ exportState: async () => ({ version: 3, deployment: { resources } }) }),
    target: async () => ({ scrapeEndpoints: async () => [] }),
  };
  return session as unknown as Session;
}
