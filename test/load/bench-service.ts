/**
 * Measures the shop beside its bare floors: `npm run bench:service [-- --json --only list-memory --seconds 1 --turns 15]`.
 * Server and floor take turns on core 0; driver, database and Redis share core 1. Everything that the shop does for a
 * request is on: limits, metrics, logs, headers. No limit is switched off: requests come from 1,000 to 20,000 client addresses.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startPostgres, type TestPostgres } from "../support/postgres.ts";
import { startRedis, type TestRedis } from "../support/redis.ts";
import { migrateShop, openSessions, seedShop } from "../support/shop.ts";
import { drive, medianTurn, runToEnd, type Turn } from "./measure.ts";
import { printTable, type Measured } from "./print-table.ts";
import { queryOf } from "./queries.ts";
import { ratiosOf } from "./ratios.ts";
import { productCount, rows, type Row, type World } from "./rows.ts";
import { onServerCore, startFloor, startService, type Server } from "./servers.ts";

const clientAddresses = 20_000;
const warmUpSeconds = 2;

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    only: { type: "string", multiple: true },
    seconds: { type: "string", default: "1" },
    turns: { type: "string", default: "15" },
  },
});
const seconds = Number(options.seconds);
const turns = Number(options.turns);

interface Bench extends World {
  readonly postgres: TestPostgres;
  readonly redis: TestRedis;
  readonly folder: string;
}

if (availableParallelism() < 2) throw new Error("the bench needs two cores: one for the server alone");
// Children inherit it: everything but the servers shares core 1 with this process.
execFileSync("taskset", ["-apc", "1", `${process.pid}`], { stdio: "ignore" });
const bench = await prepare();
const measured: Measured[] = [];
try {
  for (const row of rows.filter(({ name }) => options.only?.includes(name) ?? true)) {
    process.stderr.write(`${row.name} …\n`);
    measured.push(await measure(row));
  }
} finally {
  // What was measured is said even when a later row failed.
  if (options.json) console.log(JSON.stringify({ schema: "shopctl.bench-service/2", seconds, turns, rows: measured }));
  else printTable(measured);
  await Promise.all([bench.postgres.stop(), bench.redis.stop()]);
  rmSync(bench.folder, { recursive: true });
}

async function prepare(): Promise<Bench> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  await migrateShop(postgres);
  await seedShop(postgres, 1_000, productCount);
  await postgres.query("vacuum analyze");
  const accounts = Array.from({ length: 500 }, (_, index) => index + 1);
  const folder = mkdtempSync(join(tmpdir(), "shop-bench-"));
  return { postgres, redis, folder, tokens: await openSessions(postgres, accounts) };
}

/** Floor and shop in turn, so that what the machine does meanwhile meets both. */
async function measure(row: Row): Promise<Measured> {
  const file = join(bench.folder, row.name);
  writeFileSync(file, fromManyClients(row.requests(bench), row.clients));
  const service = await startService(bench.postgres.shopUrl(), {
    SHOP_CACHE: row.cache,
    SHOP_REDIS_URL: bench.redis.url,
    // As from phase 2 on: the confirmation is written with its order. The mail workers are processes of their own.
    SHOP_MAIL_DELIVERY: "queue",
  });
  const floor = row.floor === "hash" ? undefined : await startFloor(row.floor, await floorEnv(row, service));
  const floorTurn = (time: number): Promise<Turn> =>
    floor === undefined ? hashFloor(time) : drive(floor, file, { seconds: time, connections });
  const { connections, turnsLast = 1 } = row;
  const turnSeconds = seconds * turnsLast;
  const turnsOf: { floor: Turn[]; service: Turn[] } = { floor: [], service: [] };
  try {
    await floorTurn(warmUpSeconds);
    await drive(service, file, { seconds: warmUpSeconds, connections });
    for (let turn = 0; turn < turns; turn += 1) {
      turnsOf.floor.push(await floorTurn(turnSeconds));
      turnsOf.service.push(await drive(service, file, { seconds: turnSeconds, connections }));
    }
  } finally {
    await Promise.all([service.stop(), floor?.stop()]);
  }
  return {
    name: row.name,
    target: row.target,
    ratio: ratiosOf(turnsOf, (turn) => turn.requestsPerSecond),
    cpuRatio: ratiosOf(turnsOf, (turn) => turn.requestsPerCpuSecond),
    floor: medianTurn(turnsOf.floor),
    service: medianTurn(turnsOf.service),
  };
}

function hashFloor(time: number): Promise<Turn> {
  const program = join(import.meta.dirname, "floors", "hash.ts");
  return runToEnd([...onServerCore, program], { FLOOR_SECONDS: `${time}` });
}

async function floorEnv(row: Row, service: Server): Promise<Record<string, string>> {
  if (row.floor === "query") {
    return { FLOOR_DATABASE_URL: bench.postgres.shopUrl(), FLOOR_QUERY: JSON.stringify(await queryOf(row.name)) };
  }
  if (row.floor === "order" || row.floor === "login") return { FLOOR_DATABASE_URL: bench.postgres.shopUrl() };
  // The shop's own answer: the floor sends as many bytes.
  const [first = ""] = row.requests(bench);
  const path = first.split(" ")[1] ?? "/";
  const body = await (await fetch(`http://127.0.0.1:${service.port}${path}`)).text();
  return { FLOOR_BODY: body, FLOOR_REDIS_URL: bench.redis.url };
}

/** The requests with a client address each, as a router would add it. */
function fromManyClients(requests: readonly string[], clients = clientAddresses): string {
  return Array.from({ length: clients }, (_, client) => {
    const address = `10.1.${client >> 8}.${client & 255}`;
    return requests[client % requests.length]?.replace("\r\n", `\r\nx-forwarded-for: ${address}\r\n`) ?? "";
  }).join("\0");
}
