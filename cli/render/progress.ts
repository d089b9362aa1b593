import type { EngineEvent } from "../../infra/engine/engine.ts";
import type { SettleEvent } from "../rollout/execute-plan.ts";
import type { RolloutEvent } from "../rollout/rollout-event.ts";
import type { Stage } from "../rollout/step-record.ts";
import { isBookkeeping, operationLine } from "./operations.ts";
import { duration } from "./numbers.ts";

/** Shows a rollout while it runs, on stderr. */
export interface Progress {
  report(event: RolloutEvent | SettleEvent): void;
  /** A line beside the steps, e.g. that a stop was asked for. */
  note(line: string): void;
  /** Gives the terminal up for a question; what comes after it is told in plain lines. */
  yieldTerminal(): Promise<void>;
  /** Leaves the terminal as it was found. */
  close(): Promise<void>;
}

const stageTexts: Record<Stage, string> = {
  preview: "previewing",
  up: "applying",
  verify: "checking the proofs",
  gate: "watching under traffic",
  back: "going back to the topology before",
};

/** A stage in words, with its note. */
export function stageText(stage: Stage, note: string | undefined): string {
  return note === undefined ? stageTexts[stage] : `${stageTexts[stage]} (${note})`;
}

/** What an engine event says to people; undefined for what is not worth a line. */
export function engineLine(event: EngineEvent): string | undefined {
  switch (event.kind) {
    case "resource-started":
      return undefined;
    case "resource-finished":
      if (event.operation === "same" || isBookkeeping(event.type)) return undefined;
      return `${operationLine(event.operation, event.type, event.name)} ${duration(event.durationMs)}`;
    case "resource-failed":
      return `✖ ${event.name}: ${event.message}`;
    case "diagnostic":
      return isWorthALine(event) ? event.message.trimEnd() : undefined;
    default:
      throw new TypeError(`an engine event of no kind: ${JSON.stringify(event satisfies never)}`);
  }
}

/** Of what is merely informative only a resource's own word: how far its task is. */
function isWorthALine({ severity, urn }: Extract<EngineEvent, { kind: "diagnostic" }>): boolean {
  return severity === "warning" || severity === "error" || (severity === "info" && urn !== undefined);
}
