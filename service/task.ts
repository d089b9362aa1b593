import { parseArgs } from "node:util";
import pg from "pg";
import { z } from "zod";
import { runSweep, type SweepResult } from "./tasks/run-sweep.ts";
import { isSweepName, sweeps, type SweepName } from "./tasks/sweeps.ts";

/** Bounds of one statement of a task; the role `shop` has others. */
const statementTimeoutMs = 30_000;
/** A task must never stand in the shop's way for longer than a shopper notices. */
const lockTimeoutMs = 500;
const progressEveryMs = 2_000;

const usage = `usage: SHOP_TASK_URL=postgres://… node task.js <${Object.keys(sweeps).join("|")}> [--batch-size <100..50000>] [--pause-ms <0..60000>]`;

const options = z.object({
  name: z.string().refine((name): name is SweepName => isSweepName(name)),
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
    return positionals.length === 1 ? options.safeParse({ ...values, name: positionals[0] }).data : undefined;
  } catch {
    return undefined;
  }
}

/** Numbers of the signals that end a task after its batch; the exit code is 128 more. */
const signals = { SIGINT: 2, SIGTERM: 15 } as const;

/**
 * Clears old rows away, once: `node task.js login-attempts`. Connects directly, as migrations do: the bounds and the lock
 * belong to the session. Progress goes to stderr, the sum as JSON to stdout. Exits 0 when all is done, 2 on wrong use,
 * 1 on failure, 130 or 143 when a signal ended it after a batch; started again it goes on with what is left.
 */
async function runTask(): Promise<number> {
  const wanted = readOptions();
  const url = process.env["SHOP_TASK_URL"] ?? "";
  if (wanted === undefined || url === "") {
    console.error(usage);
    return 2;
  }
  const client = new pg.Client({ connectionString: url, application_name: `shop-task-${wanted.name}` });
  client.on("error", (error) => console.error(`lost the connection to the database: ${error.message}`));
  const stopping = new AbortController();
  let exitCode = 0;
  for (const [signal, number] of Object.entries(signals)) {
    process.once(signal, () => {
      exitCode = 128 + number;
      stopping.abort();
    });
  }
  try {
    await client.connect();
    await client.query(`set statement_timeout = ${statementTimeoutMs}`);
    await client.query(`set lock_timeout = ${lockTimeoutMs}`);
    // A batch reaches its rows by index: near the end of a table the planner would rather read all of it, batch by batch.
    await client.query("set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off");
    if (!(await takeTurn(client, wanted.name))) {
      console.error(`the task ${wanted.name} is running already`);
      return 1;
    }
    const startedAt = performance.now();
    const result = await sweepWithProgress(client, wanted, stopping.signal);
    const seconds = Number(((performance.now() - startedAt) / 1_000).toFixed(2));
    console.log(JSON.stringify({ schema: "shop.task/1", task: wanted.name, ...result, seconds }));
    return result.complete ? 0 : exitCode;
  } catch (error) {
    console.error(
      `the task ${wanted.name} failed; batches before stay done: ${error instanceof Error ? error.message : String(error)}`,
    );
    return 1;
  } finally {
    await client.end();
  }
}

/** One run of a task at a time; the lock goes with the session, however that ends. */
async function takeTurn(client: pg.Client, name: SweepName): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(
    "select pg_try_advisory_lock(hashtext('shop-task'), hashtext($1)) as taken",
    [name],
  );
  return rows[0]?.taken === true;
}

function sweepWithProgress(client: pg.Client, wanted: Options, signal: AbortSignal): Promise<SweepResult> {
  let toldAt = performance.now();
  return runSweep(client, sweeps[wanted.name], {
    destination: { kind: "nowhere" },
    batchSize: wanted["batch-size"],
    pauseMs: wanted["pause-ms"],
    nowMs: Date.now(),
    signal,
    onBatch: ({ taken, batches }) => {
      if (performance.now() - toldAt < progressEveryMs) return;
      toldAt = performance.now();
      console.error(`${wanted.name}: took ${taken} rows in ${batches} batches`);
    },
  });
}

process.exitCode = await runTask();
