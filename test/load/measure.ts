import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

/** What one turn of the driver saw, and what it cost the server. */
export interface Turn {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of one core, 0..1; undefined when no server was measured. */
  readonly cpu: number | undefined;
  /** Requests that one second of the server's processor time answers: what counts on a machine that does other things too. */
  readonly requestsPerCpuSecond: number | undefined;
  readonly memoryMiB: number | undefined;
}

interface DriverResult {
  readonly requests: number;
  readonly durationUs: number;
  readonly p50Us: number;
  readonly p99Us: number;
  /** Answers above 399, and connections that broke: a turn with one of them measures something else. */
  readonly refused: number;
  readonly broken: number;
}

const run = promisify(execFile);
/** Ticks a second of /proc/<pid>/stat; 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** Sends the requests of `file` to `port` for some seconds; throws when one was refused or broke. */
export async function drive(
  target: { readonly port: number; readonly pid: number },
  file: string,
  { seconds, connections = 50 }: { readonly seconds: number; readonly connections?: number | undefined },
): Promise<Turn> {
  const before = cpuSeconds(target.pid);
  const startedAt = performance.now();
  // Each turn begins elsewhere in the file, so that no client address is used much more than another.
  const script = join(import.meta.dirname, "requests.lua");
  const url = `http://127.0.0.1:${target.port}`;
  const load = `-t 1 -c ${connections} -d ${seconds}s --timeout 10s`.split(" ");
  const { stdout } = await run("wrk", [...load, "-s", script, url, "--", file, `${Math.random()}`]);
  const wallSeconds = (performance.now() - startedAt) / 1_000;
  const cpu = (cpuSeconds(target.pid) - before) / wallSeconds;
  await untilIdle(target.pid);
  const result = readResult(stdout);
  const requestsPerCpuSecond = result.requestsPerSecond / cpu;
  return { ...result, cpu, requestsPerCpuSecond, memoryMiB: memoryMiB(target.pid) };
}

/** Runs a program that measures itself and prints a result. */
export async function runToEnd(command: readonly string[], env: Record<string, string>): Promise<Turn> {
  const [file = "", ...args] = command;
  const { stdout } = await run(file, args, { env: { ...process.env, ...env } });
  return { ...readResult(stdout), cpu: undefined, requestsPerCpuSecond: undefined, memoryMiB: undefined };
}

/** The middle one by requests per second. */
export function medianTurn(turns: readonly Turn[]): Turn {
  const sorted = turns.toSorted((a, b) => a.requestsPerSecond - b.requestsPerSecond);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error("nothing was measured");
  return middle;
}

function readResult(stdout: string): Pick<Turn, "requestsPerSecond" | "p50Ms" | "p99Ms"> {
  const line = stdout.split("\n").find((text) => text.startsWith("RESULT "));
  if (line === undefined) throw new Error(`the driver gave no result: ${stdout}`);
  const result = JSON.parse(line.slice("RESULT ".length)) as DriverResult;
  if (result.refused > 0 || result.broken > 0 || result.requests === 0) {
    throw new Error(`${result.refused} of ${result.requests} requests were refused, ${result.broken} broke`);
  }
  return {
    requestsPerSecond: result.requests / (result.durationUs / 1e6),
    p50Ms: result.p50Us / 1_000,
    p99Ms: result.p99Us / 1_000,
  };
}

/** What the driver asked for and did not wait for is worked off before the other one's turn, which shares the core. */
async function untilIdle(pid: number): Promise<void> {
  for (;;) {
    const before = cpuSeconds(pid);
    await sleep(100);
    if (cpuSeconds(pid) - before <= 1 / ticksPerSecond) return;
  }
}

function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Resident memory of a process. */
export function memoryMiB(pid: number): number {
  const rss = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(rss) / 1_024;
}
