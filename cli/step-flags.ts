import { Flags } from "@oclif/core";
import { defaultWindowSeconds } from "./rollout/gate.ts";
import type { StepSelection } from "./planning/plan-steps.ts";

/**
 * `--phase`, `--to` or `--step`, of every command that takes steps; without either it is phase 1, the first there is. Each
 * excludes those after it: said twice, oclif's usage has brackets with nothing in them.
 */
export const selectionFlags = {
  phase: Flags.integer({
    description: "all steps of a phase that are not done [default: 1]",
    exclusive: ["to", "step"],
    min: 1,
    helpValue: "PHASE",
  }),
  to: Flags.integer({
    description: "all steps up to the end of a phase that are not done",
    exclusive: ["step"],
    min: 1,
    helpValue: "PHASE",
  }),
  step: Flags.string({
    description: "one step; may be given several times, in order",
    multiple: true,
    helpValue: "ID",
  }),
};

/** `--window`, of every command that gates. */
export const windowFlag = {
  window: Flags.integer({
    description: "seconds that each step is watched under traffic before it stays",
    default: defaultWindowSeconds,
    min: 2,
    max: 600,
    helpValue: "SECONDS",
  }),
};

/** What the flags select. */
export function selectionOf(flags: {
  readonly phase?: number | undefined;
  readonly to?: number | undefined;
  readonly step?: readonly string[] | undefined;
}): StepSelection {
  if (flags.to !== undefined) return { to: flags.to };
  return flags.step === undefined ? { phase: flags.phase ?? 1 } : { steps: flags.step };
}

/** The flags of a selection, to be typed again. */
export function wordsOf(selection: StepSelection): string {
  if ("to" in selection) return `--to ${selection.to}`;
  return "phase" in selection ? `--phase ${selection.phase}` : selection.steps.map((id) => `--step ${id}`).join(" ");
}
