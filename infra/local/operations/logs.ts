import { existsSync, readdirSync } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { LocalEnvironment } from "../../environment/environment.ts";
import type { LogLine, LogRequest } from "../../target.ts";
import { OperationError } from "../../operation-error.ts";

const followIntervalMs = 250;

/**
 * Log lines of an environment's processes: the last ones in order of time, then, with `follow`, new ones as they come,
 * also of processes that start later, until the signal. Throws OperationError `unknown-process`.
 */
export async function* readLogs(environment: LocalEnvironment, request: LogRequest): AsyncGenerator<LogLine> {
  const { logs } = environment.paths;
  const files = new Map<string, Position>();
  const selected = selectLogs(logs, request.process);
  if (request.process !== undefined && selected.length === 0) {
    const known = listLogs(logs).join(", ");
    throw new OperationError(
      "unknown-process",
      `environment ${environment.name} has no logs of ${request.process}; there are: ${known === "" ? "none" : known}`,
    );
  }
  const last = await Promise.all(selected.map((process) => lastOf(logs, process, request.lines, files)));
  yield* last.flat().toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  while (request.follow && request.signal?.aborted !== true) {
    await delay(followIntervalMs, undefined, request.signal === undefined ? {} : { signal: request.signal }).catch(
      () => undefined,
    );
    for (const process of selectLogs(logs, request.process)) yield* await newLines(logs, process, files);
  }
}

/** Where reading of a log stands; the inode tells a rotation. */
interface Position {
  inode: number;
  offset: number;
  rest: string;
}

async function lastOf(logs: string, process: string, lines: number, files: Map<string, Position>): Promise<LogLine[]> {
  const path = join(logs, process, "current");
  const text = await readFile(path, "utf8");
  const complete = text.slice(0, text.lastIndexOf("\n") + 1);
  files.set(process, { inode: (await stat(path)).ino, offset: Buffer.byteLength(complete), rest: "" });
  const all = complete.split("\n").slice(0, -1);
  return all.slice(Math.max(0, all.length - lines)).map((line) => parseLine(process, line));
}

async function newLines(logs: string, process: string, files: Map<string, Position>): Promise<LogLine[]> {
  const file = await open(join(logs, process, "current"), "r").catch(() => undefined);
  if (file === undefined) return [];
  try {
    const { ino, size } = await file.stat();
    const known = files.get(process);
    const position = known?.inode === ino && known.offset <= size ? known : { inode: ino, offset: 0, rest: "" };
    files.set(process, position);
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(size - position.offset),
      0,
      size - position.offset,
      position.offset,
    );
    position.offset += bytesRead;
    const pieces = (position.rest + buffer.subarray(0, bytesRead).toString("utf8")).split("\n");
    position.rest = pieces.pop() ?? "";
    return pieces.map((line) => parseLine(process, line));
  } finally {
    await file.close();
  }
}

/** svlogd -tt stamps `2026-01-04_03:00:00.12345 `. */
function parseLine(process: string, line: string): LogLine {
  const [, day, time, text] = /^(\d{4}-\d\d-\d\d)_(\d\d:\d\d:\d\d\.\d{3})\d* (.*)$/.exec(line) ?? [];
  return day === undefined ? { process, at: "", text: line } : { process, at: `${day}T${time}Z`, text: text ?? "" };
}

function selectLogs(logs: string, wanted: string | undefined): string[] {
  const known = listLogs(logs);
  if (wanted === undefined) return known;
  return wanted === "web" ? known.filter((name) => name.startsWith("web-")) : known.filter((name) => name === wanted);
}

function listLogs(logs: string): string[] {
  if (!existsSync(logs)) return [];
  return readdirSync(logs)
    .filter((name) => existsSync(join(logs, name, "current")))
    .toSorted();
}
