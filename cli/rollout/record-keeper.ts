import type { PlannedStep } from "../planning/plan-steps.ts";
import type { Stage, StepRecord, StepState } from "./step-record.ts";
import type { RolloutWorld } from "./world.ts";

/** Keeps a step's record on disk abreast of its rollout: a killed run leaves the stage that it was in. */
export class RecordKeeper {
  #record: StepRecord;
  #stageBeganMs: number;
  readonly #step: PlannedStep;
  readonly #world: RolloutWorld;

  private constructor(step: PlannedStep, world: RolloutWorld, stamp: string) {
    const startedAt = world.timestamp();
    this.#step = step;
    this.#world = world;
    this.#stageBeganMs = world.monotonicMs();
    this.#record = {
      schema: "shopctl.rollout-step/1",
      id: `${stamp.replaceAll(":", "-")}-${step.direction}-${step.id}`,
      step: step.id,
      direction: step.direction,
      state: "running",
      stage: "preview",
      startedAt,
      before: step.before,
      after: step.after,
      usdPerMonthBefore: step.usdPerMonthBefore,
      usdPerMonthAfter: step.usdPerMonthAfter,
      durationsMs: {},
      process: world.process,
      command: world.command,
      ...(step.pointOfNoReturn === undefined ? {} : { pointOfNoReturn: step.pointOfNoReturn }),
    };
  }

  static async open(step: PlannedStep, world: RolloutWorld): Promise<RecordKeeper> {
    const keeper = new RecordKeeper(step, world, await world.recordStamp());
    await world.save(keeper.#record);
    return keeper;
  }

  get stage(): Stage {
    return this.#record.stage;
  }

  /** Ends the stage before and begins this one. */
  async enter(stage: Stage, note?: string): Promise<void> {
    if (stage !== this.#record.stage) this.#endStage();
    this.#stageBeganMs = this.#world.monotonicMs();
    this.#report(stage, note);
    await this.note({ stage });
  }

  /** Says what the stage that runs waits for. */
  waitsFor([first = "", ...others]: readonly string[]): void {
    this.#report(this.stage, `waiting: ${first}${others.length === 0 ? "" : `, and ${others.length} more`}`);
  }

  async note(part: Partial<StepRecord>): Promise<void> {
    this.#record = { ...this.#record, ...part };
    await this.#world.save(this.#record);
  }

  async close(state: StepState, reasons: readonly string[] = []): Promise<StepRecord> {
    this.#endStage();
    await this.note({ state, endedAt: this.#world.timestamp(), ...(reasons.length === 0 ? {} : { reasons }) });
    this.#world.report({ kind: "step-finished", step: this.#step, record: this.#record });
    return this.#record;
  }

  #report(stage: Stage, note: string | undefined): void {
    this.#world.report({ kind: "stage-started", step: this.#step, stage, ...(note === undefined ? {} : { note }) });
  }

  #endStage(): void {
    const ms = Math.round(this.#world.monotonicMs() - this.#stageBeganMs);
    this.#record = { ...this.#record, durationsMs: { ...this.#record.durationsMs, [this.#record.stage]: ms } };
  }
}
