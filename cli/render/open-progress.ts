import type { PlannedStep } from "../planning/plan-steps.ts";
import type { Progress } from "./progress.ts";

/** A live display on a terminal, plain lines elsewhere (pipes, CI, TERM=dumb). */
export async function openProgress(steps: readonly PlannedStep[]): Promise<Progress> {
  if (steps.length > 0 && isLiveTerminal()) {
    const { LiveProgress } = await import("./live-progress.ts");
    return new LiveProgress(steps);
  }
  const { PlainProgress } = await import("./plain-progress.ts");
  return new PlainProgress(steps.length, (line) => process.stderr.write(`${line}\n`));
}

function isLiveTerminal(): boolean {
  const { TERM, CI } = process.env;
  return process.stdout.isTTY && process.stderr.isTTY && TERM !== "dumb" && CI === undefined;
}
