import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { RolloutRecords, unfinished } from "../../../cli/adapters/rollout-records.ts";
import type { LocalSession } from "../../../cli/adapters/session.ts";
import { changeReplication } from "../../../cli/rollout/change-replication.ts";
import { closingLeft } from "../../../cli/rollout/execute-plan.ts";
import { takeOverCommand } from "../../../cli/rollout/status-report.ts";
import type { Stage, StepRecord, StepState } from "../../../cli/rollout/step-record.ts";
import type { RolloutWorld } from "../../../cli/rollout/world.ts";
import { baseline } from "../../../infra/topology/topology.ts";

const halfMade = record("1", "running", "up");

describe("what a killed run left", () => {
  it("is the newest record that touched anything", async () => {
    expect(await unfinished([halfMade, record("0", "stopped", "up")])).toBe(halfMade);
    expect(await unfinished([record("2", "done", "gate"), halfMade])).toBeUndefined();
    expect(await unfinished([])).toBeUndefined();
  });

  it.each<[StepState]>([["running"], ["stopped"], ["returned"]])(
    "is not hidden by a later run that is %s in its preview",
    async (state) => {
      expect(await unfinished([record("2", state, "preview"), halfMade])).toBe(halfMade);
    },
  );

  it("is nothing while the run still lives", async () => {
    const { startTime } = await ownIdentity();
    const alive = { ...halfMade, process: { pid: process.pid, startTime } };
    expect(await unfinished([alive])).toBeUndefined();
  });

  it("of a deployment is gone on with by its own command: another build is another deployment", () => {
    const killed = { ...record("1", "running", "gate"), step: "deploy-canary" } as const;
    const command = "deploy --env demo --build ../next --share 25 --window 60";
    expect(takeOverCommand("demo", { ...killed, command })).toBe(`shopctl ${command}`);
    expect(takeOverCommand("demo", killed)).toBe("shopctl deploy --env demo");
    expect(takeOverCommand("demo", halfMade)).toBe("shopctl scale apply --env demo --step cache-redis");
  });

  it("keeps replication as it is: whoever takes the step over goes to a topology that has the mode of before", async () => {
    const root = mkdtempSync(join(tmpdir(), "shopctl-unfinished-"));
    mkdirSync(join(root, "rollouts"));
    await new RolloutRecords(root).save(halfMade);
    const session = { environment: { name: "shop", target: "local", paths: { root } } } as unknown as LocalSession;
    await expect(changeReplication(session, "synchronous")).rejects.toMatchObject({
      failure: { code: "interrupted", next: ["shopctl recover --env shop"] },
    });
    rmSync(root, { recursive: true });
  });

  it("is closed once the run that takes over leaves its preview, not before", async () => {
    const saved: StepRecord[] = [];
    const plain = { save: async (one: StepRecord) => void saved.push(one) } as unknown as RolloutWorld;
    const world = closingLeft(halfMade, plain);
    await world.save(record("2", "running", "preview"));
    expect(saved.map(({ id, state }) => [id, state])).toEqual([["2", "running"]]);
    await world.save(record("2", "running", "up"));
    await world.save(record("2", "running", "verify"));
    expect(saved.slice(1).map(({ id, state, stage }) => [id, state, stage])).toEqual([
      ["2", "running", "up"],
      ["1", "interrupted", "up"],
      ["2", "running", "verify"],
    ]);
  });
});

async function ownIdentity(): Promise<{ startTime: string }> {
  const { identify } = await import("../../../infra/engine/embedded/processes.ts");
  return (await identify(process.pid))!;
}

function record(id: string, state: StepState, stage: Stage): StepRecord {
  return {
    schema: "shopctl.rollout-step/1",
    id,
    step: "cache-redis",
    direction: "apply",
    state,
    stage,
    startedAt: "2026-01-01T00:00:00.000Z",
    before: baseline,
    after: { ...baseline, cache: "redis" },
    usdPerMonthBefore: 7,
    usdPerMonthAfter: 17,
    durationsMs: {},
    process: { pid: 4_194_305, startTime: "1" },
  };
}
