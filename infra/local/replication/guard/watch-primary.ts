import pg from "pg";
import { processUsage } from "../../host/process-identity.ts";
import type { AdminTarget } from "../../postgres/admin-connection.ts";

/**
 * What a primary says: `ok`; `starting` while it replays its log; `refused` when nothing listens there; `silent` when
 * something does and does not answer; `slow` when that is at work all the same, as on a machine that has too much to do;
 * `following` when it is none yet, because who was making it one did not get that far.
 */
export type PrimaryHealth = "ok" | "starting" | "refused" | "silent" | "slow" | "following";

/** How long each may last before the guard does something about it, in ms; runit starts a server again in about one second. */
export const patienceMs: Readonly<Record<Exclude<PrimaryHealth, "ok">, number>> = {
  refused: 2_000,
  silent: 4_000,
  // Another server on the same machine would be no faster, and every connection would be lost.
  slow: 30_000,
  starting: 30_000,
  following: 1_000,
};

const answerTimeoutMs = 1_000;
/** Postgres says that it is starting up, shutting down or in recovery. */
const cannotConnectNow = "57P03";

/** One question on a connection of its own: one that is open would not show whether others get in. Never throws. */
export async function askPrimary({ sockets, port }: AdminTarget): Promise<Exclude<PrimaryHealth, "slow">> {
  const client = new pg.Client({
    host: sockets,
    port,
    user: "postgres",
    database: "postgres",
    application_name: "shopctl guard",
    connectionTimeoutMillis: answerTimeoutMs,
    query_timeout: answerTimeoutMs,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ follows: boolean }>("select pg_is_in_recovery() as follows");
    return rows[0]?.follows === true ? "following" : "ok";
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === cannotConnectNow) return "starting";
    // Full of connections it is alive.
    if (code === "53300") return "ok";
    return code === "ECONNREFUSED" || code === "ENOENT" ? "refused" : "silent";
  } finally {
    void client.end().catch(() => undefined);
  }
}

/** Whether a server works, answer or not: its processes used processor time since the last look. */
export class Work {
  #seconds: number | undefined;

  /** False at the first look. */
  goesOn(pid: number | undefined): boolean {
    const before = this.#seconds;
    this.#seconds = pid === undefined ? undefined : processUsage(pid)?.cpuSeconds;
    return before !== undefined && this.#seconds !== undefined && this.#seconds !== before;
  }
}

/** Remembers since when a primary is not well; kinds of trouble that follow each other are one trouble. */
export class Trouble {
  #sinceMs: number | undefined;

  /** Whether it has lasted longer than what it is now may. */
  isOver(health: PrimaryHealth, nowMs: number): boolean {
    if (health === "ok") {
      this.forget();
      return false;
    }
    this.#sinceMs ??= nowMs;
    return nowMs - this.#sinceMs >= patienceMs[health];
  }

  forget(): void {
    this.#sinceMs = undefined;
  }
}
