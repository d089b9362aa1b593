import { Listr, ListrLogger, ProcessOutput, type ListrDefaultRendererLogLevels } from "listr2";
import type { PlannedStep } from "../planning/plan-steps.ts";
import type { SettleEvent } from "../rollout/execute-plan.ts";
import type { RolloutEvent } from "../rollout/rollout-event.ts";
import { PlainProgress } from "./plain-progress.ts";
import { ProgressRow } from "./progress-row.ts";
import { engineLine, stageText, type Progress } from "./progress.ts";
import { stepOutcome } from "./step-summary.ts";

/** One row a step, with what it is doing right now below it; the rollout drives the rows, not the other way round. */
export class LiveProgress implements Progress {
  readonly #rows: readonly ProgressRow[];
  readonly #rendering: Promise<unknown>;
  #at = 0;
  /** Tells the rest once the display had to make room for a question. */
  #plain: PlainProgress | undefined;

  constructor(steps: readonly PlannedStep[]) {
    this.#rows = steps.map(
      ({ id, title, direction }) => new ProgressRow(direction === "apply" ? id : `rollback of ${id}`, title),
    );
    const tasks = this.#rows.map((row) => row.task());
    // Results are on stdout, so the display goes to stderr; signals are the rollout's business.
    const logger = new ListrLogger<ListrDefaultRendererLogLevels>({ processOutput: new ProcessOutput(process.stderr) });
    const list = new Listr(tasks, {
      concurrent: false,
      exitOnError: true,
      registerSignalListeners: false,
      rendererOptions: { logger, formatOutput: "truncate", showErrorMessage: false },
    });
    this.#rendering = list.run().catch(() => undefined);
  }

  report(event: RolloutEvent | SettleEvent): void {
    if (this.#plain !== undefined) return this.#plain.report(event);
    switch (event.kind) {
      case "swept":
        return this.note(`removed what an earlier run had left: ${event.what.join(", ")}`);
      case "settle-started":
        return this.note(`taking over an earlier run: ${event.because}`);
      case "settle-finished":
        return this.note("taken over");
      case "step-started":
        this.#moveTo(event.step);
        return this.note("starting");
      case "stage-started":
        return this.note(stageText(event.stage, event.note));
      case "paused":
        // The row of the step before has ended: what is said there nobody sees.
        this.#moveTo(event.before);
        return this.note(`paused before ${event.before.id}; \`shopctl scale resume\` lets it go on`);
      case "resumed":
        this.#moveTo(event.before);
        return this.note(`going on with ${event.before.id}`);
      case "engine": {
        const line = engineLine(event.event);
        if (line !== undefined) this.note(line);
        return;
      }
      case "step-finished":
        return this.#rows[this.#at]?.end(event.record.state === "done", stepOutcome(event.record));
      default:
        throw new TypeError(`an event of no kind: ${JSON.stringify(event satisfies never)}`);
    }
  }

  #moveTo(step: PlannedStep): void {
    // A killed step that is finished first has no row of its own.
    this.#at = Math.max(
      0,
      this.#rows.findIndex(({ id }) => id.endsWith(step.id)),
    );
  }

  note(line: string): void {
    if (this.#plain !== undefined) return this.#plain.note(line);
    this.#rows[this.#at]?.say(line);
  }

  async yieldTerminal(): Promise<void> {
    if (this.#plain !== undefined) return;
    this.note("waits for an answer");
    await this.close();
    this.#plain = new PlainProgress(this.#rows.length, (line) => process.stderr.write(`${line}\n`));
  }

  async close(): Promise<void> {
    for (const row of this.#rows) row.abandon();
    await this.#rendering;
  }
}
