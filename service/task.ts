import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import pg from "pg";
import { z } from "zod";
import { isTaskName, runNamedTask, taskNames, turnOf, type TaskName } from "./tasks/run-named-task.ts";

/** Bounds of one statement of a task; the role `shop` has others. */
const statementTimeoutMs = 60_000;
/** A task must never stand in the shop's way for longer than a shopper notices. */
const lockTimeoutMs = 500;
const progressEveryMs = 2_000;
/** The session of a run that was killed ends within a second or two; its lock goes with it. */
const turnTimeoutMs = 2_500;

const usage = `usage: SHOP_TASK_URL=postgres://… node task.js <${taskNames.join("|")}>… [--batch-size <100..50000>] [--pause-ms <0..60000>]`;

const options = z.object({
  names: z.array(z.string().refine((name): name is TaskName => isTaskName(name))).min(1),
  "batch-size": z.coerce.number().int().min(100).max(50_000).default(2_000),
  "pause-ms": z.coerce.number().int().min(0).max(60_000).default(50),
});
type Options = z.output<typeof options>;

/** What the command line asks for; undefined when it is not as it should be. */
function readOptions(): Options | undefined {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { "batch-size": { type: "string" }, "pause-ms": { type: "string" } },
    });
    return options.safeParse({ ...values, names: positionals }).data;
  } catch {
    return undefined;
  }
}

/** Numbers of the signals that end a task after its batch; the exit code is 128 more. */
const signals = { SIGINT: 2, SIGTERM: 15 } as const;

/**
 * Keeps the shop's tables in order, once: `node task.js login-attempts sessions`. Connects directly, as migrations do:
 * the bounds and the lock belong to the session. Progress goes to stderr, what each task did as a line of JSON to stdout.
 * A task that fails does not keep the next from its turn. Exits 0 when all is done, 2 on wrong use, 1 on failure, 130 or
 * 143 when a signal ended it after a batch; started again it goes on with what is left.
 */
async function runTasks(): Promise<number> {
  const wanted = readOptions();
  const url = process.env["SHOP_TASK_URL"] ?? "";
  if (wanted === undefined || url === "") {
    console.error(usage);
    return 2;
  }
  const stopping = new AbortController();
  let stopCode = 0;
  for (const [signal, number] of Object.entries(signals)) {
    process.once(signal, () => {
      stopCode = 128 + number;
      stopping.abort();
    });
  }
  const codes: number[] = [];
  for (const name of wanted.names) {
    if (stopping.signal.aborted) break;
    const outcome = await runTask(url, name, wanted, stopping.signal);
    codes.push(outcome === "stopped" ? stopCode : outcome);
  }
  return Math.max(...codes);
}

/** Exit code of one task, or that it was told to end before it had done all. */
async function runTask(url: string, name: TaskName, wanted: Options, signal: AbortSignal): Promise<number | "stopped"> {
  const client = new pg.Client({ connectionString: url, application_name: `shop-task-${name}` });
  client.on("error", (error) => console.error(`lost the connection to the database: ${error.message}`));
  try {
    await client.connect();
    await prepare(client);
    if (!(await takeTurn(client, name))) {
      console.error(`the task ${name} is running already`);
      return 1;
    }
    const startedAt = performance.now();
    const result = await runNamedTask(client, name, {
      batchSize: wanted["batch-size"],
      pauseMs: wanted["pause-ms"],
      nowMs: Date.now(),
      signal,
      onProgress: everySoOften(name),
      say: (line) => console.error(`${name}: ${line}`),
    });
    const seconds = Number(((performance.now() - startedAt) / 1_000).toFixed(2));
    console.log(JSON.stringify({ schema: "shop.task/1", task: name, ...result, seconds }));
    return result.complete ? 0 : "stopped";
  } catch (error) {
    console.error(
      `the task ${name} failed; batches before stay done: ${error instanceof Error ? error.message : String(error)}`,
    );
    return 1;
  } finally {
    await client.end();
  }
}

async function prepare(client: pg.Client): Promise<void> {
  await client.query(`set statement_timeout = ${statementTimeoutMs}`);
  await client.query(`set lock_timeout = ${lockTimeoutMs}`);
  // A batch reaches its rows by index: near the end of a table the planner would rather read all of it, batch by batch.
  await client.query("set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off");
  // A task whose process was killed must not go on beside the one that is started in its place.
  await client.query("set client_connection_check_interval = '1s'");
}

/** One run of a task at a time; the lock goes with the session, however that ends. */
async function takeTurn(client: pg.Client, name: TaskName): Promise<boolean> {
  const deadline = performance.now() + turnTimeoutMs;
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>(
      "select pg_try_advisory_lock(hashtext('shop-task'), hashtext($1)) as taken",
      [turnOf(name)],
    );
    if (rows[0]?.taken === true) return true;
    if (performance.now() > deadline) return false;
    await sleep(200);
  }
}

function everySoOften(name: TaskName): (line: string) => void {
  let toldAt = performance.now();
  return (line) => {
    if (performance.now() - toldAt < progressEveryMs) return;
    toldAt = performance.now();
    console.error(`${name}: ${line}`);
  };
}

process.exitCode = await runTasks();
