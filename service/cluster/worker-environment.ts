import type { Config } from "../config.ts";
import { shopEnv } from "../contract/env.ts";

/** An instance's share of connections and memory is divided among its workers. */
export function workerEnvironment({
  workers,
  databasePoolSize,
  replicaPoolSize,
  memoryMiB,
}: Config): Record<string, string> {
  return {
    [shopEnv.databasePoolSize]: String(Math.max(1, Math.floor(databasePoolSize / workers))),
    [shopEnv.replicaPoolSize]: String(Math.max(1, Math.floor(replicaPoolSize / workers))),
    [shopEnv.memoryMiB]: String(Math.floor(memoryMiB / workers)),
  };
}

/** Node's own arguments for a worker: so is a heap that was given to the instance. */
export function workerArguments(execArgv: readonly string[], workers: number): string[] {
  return execArgv.map((argument) =>
    argument.replace(
      /^(--max-old-space-size=)(\d+)$/,
      (_, name: string, mebibytes: string) => `${name}${Math.floor(Number(mebibytes) / workers)}`,
    ),
  );
}
