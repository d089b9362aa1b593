import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { sealPlan } from "../../../cli/planning/saved-plan.ts";
import { planExample } from "../../support/plan-example.ts";
import { ShopctlHome } from "./shopctl.ts";

/** As in CI: a plan's file, and no environment. */
describe("cost of a saved plan", { timeout: 60_000 }, () => {
  const home = new ShopctlHome();
  afterAll(() => home.end());

  it.each([
    ["local", 0, "local"],
    ["aws", 27, "aws"],
  ] as const)("on %s is held against a budget by the prices there: exit %i", async (target, exit, prices) => {
    const ended = await home.run("cost", "--diff", planOn(target), "--budget", "150");
    expect(ended, ended.stderr).toMatchObject({ exit, stderr: "", json: { target: prices } });
  });

  it("says so when it is asked for by other prices than the plan's own", async () => {
    const ended = await home.run("cost", "--diff", planOn("aws"), "--budget", "150", "--target", "local");
    expect(ended).toMatchObject({
      exit: 0,
      stderr: "shop runs on aws; this bill is by local prices, as --target asks\n",
      json: { target: "local" },
    });
  });

  function planOn(target: "local" | "aws"): string {
    const file = join(home.folder, `${target}.json`);
    writeFileSync(file, sealPlan(planExample(target, ["tier-standard"])));
    return file;
  }
});
