import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PathPlan } from "../../environment/environment.ts";
import { lastLines } from "../host/run-command.ts";

/** The last lines that a process logged, for error messages. */
export async function tailLog(paths: PathPlan, process: string, lines: number): Promise<string> {
  const text = await readFile(join(paths.logs, process, "current"), "utf8").catch(() => "");
  return text === "" ? "(it logged nothing)" : lastLines(text, lines);
}
