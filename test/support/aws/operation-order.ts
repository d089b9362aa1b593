import { expect } from "vitest";
import type { EngineEvent } from "../../../infra/engine/engine.ts";

/** What an update began and ended, in that order: `begun update route53.Record name`. */
export class OperationOrder {
  readonly lines: string[] = [];

  readonly record = (event: EngineEvent): void => {
    if (event.kind === "diagnostic" || event.operation === "same") return;
    const [, module = "", kind = ""] = event.type.split(":");
    const phase = event.kind === "resource-started" ? "begun" : event.kind === "resource-finished" ? "done" : "failed";
    this.lines.push(`${phase} ${event.operation} ${module.split("/")[0]}.${kind} ${event.name}`);
  };

  /** Each begins only when the one before it is done; where several stand in one place, all of them. */
  expect(...stages: readonly (string | readonly string[])[]): void {
    for (const [at, stage] of stages.slice(1).entries())
      for (const second of [stage].flat())
        for (const first of [stages[at] ?? []].flat()) this.#expectPair(first, second);
  }

  #expectPair(first: string, second: string): void {
    const [done, begun] = [this.lines.indexOf(`done ${first}`), this.lines.indexOf(`begun ${second}`)];
    const about = `${first} → ${second} in\n${this.lines.join("\n")}`;
    expect([done, begun], about).not.toContain(-1);
    expect(done, about).toBeLessThan(begun);
  }
}
