import type { EngineEvent } from "../../infra/engine/engine.ts";
import { engineLine } from "./progress.ts";

/** Writes what an engine does, one line a resource, to stderr. */
export function engineLines(event: EngineEvent): void {
  const line = engineLine(event);
  if (line !== undefined) process.stderr.write(`  ${line}\n`);
}
