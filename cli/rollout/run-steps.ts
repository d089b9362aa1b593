import { askAboutStep, confirmNoReturn } from "../adapters/ask-about-step.ts";
import { canAsk } from "../adapters/confirm.ts";
import { RolloutRecords } from "../adapters/rollout-records.ts";
import type { Session } from "../adapters/session.ts";
import { FailureError } from "../errors/failure.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import type { StepId } from "../phases/index.ts";
import type { Direction, MoveId, StepPlan } from "../planning/plan-steps.ts";
import { openProgress } from "../render/open-progress.ts";
import { executePlan, type Execution } from "./execute-plan.ts";
import { gateRules } from "./gate.ts";
import { rolloutFailure } from "./rollout-failure.ts";
import type { StepRecord } from "./step-record.ts";

/** What `scale apply --json` and `scale rollback --json` print. */
export interface RolloutReport {
  readonly schema: `shopctl.scale.${Direction}/1`;
  readonly environment: string;
  readonly steps: readonly StepRecord[];
  readonly nothingToDo: readonly StepId[];
  readonly usdPerMonthBefore: number;
  readonly usdPerMonthAfter: number;
  readonly takenOver: { readonly step: MoveId; readonly how: "go-on" | "finish" | "settle" } | undefined;
}

export interface RunOptions {
  readonly direction: Direction;
  /** Command line without the program, for whoever meets the lock, and to go on with. */
  readonly command: string;
  readonly windowSeconds: number;
  /** Steps whose point of no return may be crossed without asking. */
  readonly acceptNoReturn?: readonly string[];
  readonly admit?: () => Promise<void>;
}

/** Carries a plan out with a display of its progress. Throws FailureError when a step is not done at its end. */
export async function runSteps(
  session: Session,
  from: Topology,
  plan: StepPlan,
  options: RunOptions,
): Promise<RolloutReport> {
  const { environment } = session;
  const execution = await execute(session, from, plan, options);
  const records = new RolloutRecords(environment.paths.root);
  const failure = rolloutFailure(execution, environment.name, {
    command: options.command,
    recordFile: (record) => records.file(record),
  });
  if (failure !== undefined) throw new FailureError(failure);
  const { takenOver } = execution;
  return {
    schema: `shopctl.scale.${options.direction}/1`,
    environment: environment.name,
    steps: execution.records,
    nothingToDo: plan.nothingToDo,
    usdPerMonthBefore: session.priceOf(from).usdPerMonth,
    usdPerMonthAfter: session.priceOf(execution.records.at(-1)?.after ?? from).usdPerMonth,
    takenOver: takenOver === undefined ? undefined : { step: takenOver.record.step, how: takenOver.how },
  };
}

async function execute(session: Session, from: Topology, plan: StepPlan, options: RunOptions): Promise<Execution> {
  const { command, acceptNoReturn: accepted = [], admit } = options;
  const { pace } = await session.target();
  const progress = await openProgress(plan.steps);
  try {
    return await executePlan(session, from, plan, {
      command,
      ...(admit === undefined ? {} : { admit }),
      questions: {
        async decide(step, reasons) {
          if (canAsk()) await progress.yieldTerminal();
          return await askAboutStep(step, reasons);
        },
        async confirmNoReturn(step) {
          if (canAsk()) await progress.yieldTerminal();
          await confirmNoReturn(step, { accepted, command });
        },
      },
      rules: gateRules(options.windowSeconds, pace.probesPerSecond),
      report: (event) => progress.report(event),
      onStop: () => progress.note("stopping: the running operation is being finished …"),
    });
  } finally {
    await progress.close();
  }
}
