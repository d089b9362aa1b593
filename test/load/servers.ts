import { connect } from "node:net";
import { join } from "node:path";
import { nodeArguments } from "../../infra/local/provider/resources/node-arguments.ts";
import { shopEnv } from "../../service/contract/env.ts";
import { startChild } from "../support/child.ts";
import { freePorts } from "../support/free-port.ts";
import { baselineEnv } from "../support/shop.ts";
import { waitUntil } from "../support/wait-until.ts";

/** A server under measurement: alone on core 0, while everything else runs on core 1. */
export interface Server {
  readonly port: number;
  readonly pid: number;
  /** Everything that it wrote so far. */
  output(): string;
  stop(): Promise<void>;
}

const root = join(import.meta.dirname, "..", "..");
export const onServerCore: readonly string[] = ["taskset", "-c", "0", process.execPath];

/** One of the programs of `floors/`. */
export async function startFloor(program: string, env: Record<string, string>): Promise<Server> {
  const [port = 0] = await freePorts(1);
  return startPinned([join(import.meta.dirname, "floors", `${program}.ts`)], port, { ...env, FLOOR_PORT: `${port}` });
}

/** The shop as it is built for production (`npm run build`), run and configured as at the baseline and as `env` and `flags` of Node say. */
export async function startService(
  databaseUrl: string,
  env: Record<string, string>,
  flags: readonly string[] = [],
): Promise<Server> {
  const [port = 0, internalPort = 0] = await freePorts(2);
  const variables = baselineEnv(databaseUrl);
  const node = nodeArguments(Number(variables[shopEnv.memoryMiB]));
  return startPinned([...node, ...flags, ...nodeFlags(), join(root, "dist", "service", "main.js")], port, {
    ...variables,
    SHOP_DATABASE_POOL_SIZE: "10",
    SHOP_HTTP_PORT: `${port}`,
    SHOP_INTERNAL_PORT: `${internalPort}`,
    ...env,
  });
}

/** For profiles: BENCH_NODE_FLAGS="--cpu-prof --cpu-prof-dir=/tmp/profiles" npm run bench:service -- --only list-memory. */
function nodeFlags(): readonly string[] {
  return (process.env["BENCH_NODE_FLAGS"] ?? "").split(" ").filter((flag) => flag !== "");
}

async function startPinned(args: readonly string[], port: number, env: Record<string, string>): Promise<Server> {
  const [command = "", ...before] = onServerCore;
  const child = startChild(command, [...before, ...args], { env: { ...process.env, NODE_ENV: "production", ...env } });
  const ended = child.exited.then((code) => Promise.reject(new Error(`it ended with ${code}: ${child.output()}`)));
  await Promise.race([waitUntil(`port ${port}`, () => isOpen(port)), ended]);
  ended.catch(() => undefined);
  return { port, pid: child.pid, output: () => child.output(), stop: async () => void (await child.stop()) };
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
