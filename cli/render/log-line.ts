import type { LogLine } from "../../infra/local/operations/logs.ts";
import { style } from "./style.ts";

/** A log line with its time of day and process in front. */
export function renderLogLine({ process, at, text }: LogLine): string {
  return `${style.dim(at.slice(11, 23).padEnd(12))} ${style.cyan(process)} ${text}`;
}
