import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StatusReport } from "../../../cli/rollout/status-report.ts";
import type { Stage, StepRecord } from "../../../cli/rollout/step-record.ts";
import { loadLocalEnvironment } from "../../../infra/environment/require-target.ts";
import { localTarget } from "../../../infra/local/local-target.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { ShopctlHome, type Outcome } from "./shopctl.ts";

const quick = ["--window", "2", "--yes"];

/** What the next command makes of a step that was stopped or killed before it was judged, or on its way back. */
describe("a step left in the middle", { timeout: 180_000 }, () => {
  const home = new ShopctlHome();

  beforeAll(async () => {
    expect((await home.run("env", "create", "left")).exit).toBe(0);
    expect((await home.run("scale", "apply", "--step", "rate-limits-raised", ...quick)).exit).toBe(0);
  }, 180_000);

  afterAll(() => home.end("left"), 60_000);

  it("by Ctrl-C in its gate is what a bare rollback takes back, and not the one before it", async () => {
    const stopped = home.start("scale", "apply", "--step", "cache-redis", "--window", "60", "--yes");
    await waitUntil("the gate", () => isAt("gate"), 60_000);
    expect(await stopped.stop("SIGINT")).toBe(130);
    expect(stopped.output()).toContain("shopctl scale rollback --env left   (takes it back)");
    const back = await home.run("scale", "rollback", ...quick);
    expect([back.exit, stepsOf(back)]).toEqual([0, [["cache-redis", "rollback", "done"]]]);
    expect((await status()).topology).toMatchObject({ cache: "memory", limits: "raised" });
  });

  it("by a kill on its way back is back before it is tried again, and is tried whole", async () => {
    // Longer than a busy machine needs to see that the gate has begun; the gate judges when its window has ended.
    const failing = home.start("scale", "apply", "--step", "cache-redis", "--window", "6", "--yes");
    await waitUntil("the gate", () => isAt("gate"), 60_000);
    const { processes } = await localTarget(await loadLocalEnvironment(home.folder, "left")).observe();
    process.kill(processes.find(({ component }) => component === "web")!.pid!, "SIGKILL");
    await waitUntil("the way back", () => isAt("back"), 60_000);
    await failing.stop("SIGKILL");
    expect(newestRecord()).toMatchObject({ state: "running", stage: "back" });
    expect(await status()).toMatchObject({
      unfinished: { stage: "back" },
      nextActions: ["shopctl recover --env left"],
    });

    const again = await home.run("scale", "apply", "--step", "cache-redis", ...quick);
    expect([again.exit, again.json["takenOver"], stepsOf(again)]).toEqual([
      0,
      { step: "cache-redis", how: "settle" },
      [["cache-redis", "apply", "done"]],
    ]);
    expect((await status()).topology).toMatchObject({ cache: "redis", limits: "raised" });
  });

  const status = async (): Promise<StatusReport> => (await home.run("scale", "status")).json as unknown as StatusReport;

  function isAt(stage: Stage): boolean {
    const { state, stage: now } = newestRecord();
    return state === "running" && now === stage;
  }

  function newestRecord(): StepRecord {
    const folder = join(home.folder, "environments/left/rollouts");
    const name =
      readdirSync(folder)
        .filter((one) => one.endsWith(".json"))
        .toSorted()
        .at(-1) ?? "";
    return JSON.parse(readFileSync(join(folder, name), "utf8")) as StepRecord;
  }
});

function stepsOf({ json }: Outcome): readonly (readonly string[])[] {
  return (json["steps"] as StepRecord[]).map(({ step, direction, state }) => [step, direction, state]);
}
