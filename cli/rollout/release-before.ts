import type { StepRecord } from "./step-record.ts";

/** The release that ran before another was deployed; a way back is no deployment, so that two of them go further back. */
export function releaseBefore(newestFirst: readonly StepRecord[], release: string): string | undefined {
  return newestFirst.find(
    ({ step, direction, state, before, after }) =>
      step === "deploy-rest" &&
      direction === "apply" &&
      state === "done" &&
      after.release?.stable === release &&
      before.release?.stable !== release,
  )?.before.release?.stable;
}
