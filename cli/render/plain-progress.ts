import type { SettleEvent } from "../rollout/execute-plan.ts";
import type { RolloutEvent } from "../rollout/rollout-event.ts";
import { engineLine, stageText, type Progress } from "./progress.ts";
import { stepSummary } from "./step-summary.ts";

/** One line an event, for pipes, CI and terminals that cannot move their cursor. */
export class PlainProgress implements Progress {
  readonly #count: number;
  readonly #write: (line: string) => void;
  #started = 0;

  constructor(count: number, write: (line: string) => void) {
    this.#count = count;
    this.#write = write;
  }

  report(event: RolloutEvent | SettleEvent): void {
    switch (event.kind) {
      case "swept":
        return this.#write(`removed what an earlier run had left: ${event.what.join(", ")}`);
      case "settle-started":
        return this.#write(`taking over an earlier run: ${event.because}`);
      case "settle-finished":
        return this.#write("taken over");
      case "step-started": {
        this.#started += 1;
        const { direction, id, title } = event.step;
        const count = Math.max(this.#count, this.#started);
        return this.#write(`[${this.#started}/${count}] ${direction === "apply" ? "" : "rollback of "}${id}: ${title}`);
      }
      case "stage-started":
        return this.#write(`  ${stageText(event.stage, event.note)}`);
      case "paused":
        return this.#write(`paused before ${event.before.id}; \`shopctl scale resume\` lets it go on`);
      case "resumed":
        return this.#write(`going on with ${event.before.id}`);
      case "engine": {
        const line = engineLine(event.event);
        if (line !== undefined) this.#write(`    ${line}`);
        return;
      }
      case "step-finished":
        return this.#write(`  ${event.record.state === "done" ? "✔" : "✖"} ${stepSummary(event.record)}`);
      default:
        throw new TypeError(`an event of no kind: ${JSON.stringify(event satisfies never)}`);
    }
  }

  note(line: string): void {
    this.#write(line);
  }

  async yieldTerminal(): Promise<void> {}

  async close(): Promise<void> {}
}
