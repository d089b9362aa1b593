import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { figures } from "../../contract/figures.ts";
import type { PositionTrack } from "./position-track.ts";

/** A replica that lags more is left out. */
const maxLagMs = 1_000;
/** Without an answer to a probe for so long a replica is left out. */
const silenceMs = 1_000;
const probeTimeoutMs = 500;
/** A replica that is left out is asked less often. */
const probeAwayEveryMs = 1_000;
/** After so long without an answer it counts as gone for every process. One that answers is heard more often, also when left out. */
const goneMs = 2_000;
/** A read that a replica does not answer in this time goes to the primary: together they stay within the objective. */
const readTimeoutMs = 1_000;
const closeTimeoutMs = 1_000;

export interface ReplicaOptions {
  /** For logs and metrics: addresses stay out of them. */
  readonly name: string;
  /** One server each; several behind one address could not be told apart. */
  readonly url: string;
  readonly poolSize: number;
}

/** One replica: whether it can be used, how far it has replayed the primary's log, and its connections. */
export class Replica {
  readonly name: string;
  readonly #pool: pg.Pool;
  /** Apart from the pool of the reads, so that a busy replica is not taken for a silent one. */
  readonly #probes: pg.Pool;
  #probing = false;
  #askedAt = Number.NEGATIVE_INFINITY;
  #answeredAt = Number.NEGATIVE_INFINITY;
  /** As `#answeredAt`, also when it was left out since. */
  #heardAt = Number.NEGATIVE_INFINITY;
  #replayedTo = 0;
  #lagMs: number | undefined;

  constructor({ name, url, poolSize }: ReplicaOptions) {
    this.name = name;
    this.#pool = createPool(url, poolSize, readTimeoutMs);
    this.#probes = createPool(url, 1, probeTimeoutMs);
  }

  /** Milliseconds by which it is behind the primary; undefined while it does not answer. */
  get lagMs(): number | undefined {
    return performance.now() - this.#answeredAt > silenceMs ? undefined : this.#lagMs;
  }

  get isInUse(): boolean {
    const { lagMs } = this;
    return lagMs !== undefined && lagMs <= maxLagMs;
  }

  /** Whether it shows what was written up to `position`; as of the last probe, so a yes stays true. */
  hasReplayed(position: number): boolean {
    return this.#replayedTo >= position;
  }

  /** Whether some process, which asks it at other times, may have it in use while it does not show what was written up to `position`. */
  mayMiss(position: number): boolean {
    return !this.hasReplayed(position) && performance.now() - this.#heardAt <= goneMs;
  }

  /** Asks how far it is; `track` says what that means in time. Never rejects. */
  async probe(track: PositionTrack): Promise<void> {
    const now = performance.now();
    if (this.#probing || (!this.isInUse && now - this.#askedAt < probeAwayEveryMs)) return;
    this.#probing = true;
    this.#askedAt = now;
    try {
      const { rows } = await this.#probes.query<{ standby: boolean; replayedTo: number | null }>(
        `select pg_is_in_recovery() as standby, (pg_last_wal_replay_lsn() - '0/0')::float8 as "replayedTo"`,
      );
      const [answer] = rows;
      // One that was promoted follows nobody any more.
      if (answer?.standby !== true || answer.replayedTo === null) return this.#leaveOut();
      this.#replayedTo = answer.replayedTo;
      this.#lagMs = track.lagMs(answer.replayedTo, performance.now());
      this.#answeredAt = performance.now();
      this.#heardAt = this.#answeredAt;
    } catch {
      this.#leaveOut();
    } finally {
      this.#probing = false;
    }
  }

  /** One statement without effects. A replica that fails one is left out until it answers a probe again. */
  async query<Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[]): Promise<Row[]> {
    try {
      return (await this.#pool.query<Row>(sql, [...values])).rows;
    } catch (error) {
      if (!isConflictWithReplay(error)) this.#leaveOut();
      throw error;
    }
  }

  /** Bounded: connections to a frozen server never say that they have ended. */
  async close(): Promise<void> {
    const ended = Promise.allSettled([this.#pool.end(), this.#probes.end()]);
    await Promise.race([ended, sleep(closeTimeoutMs, undefined, { ref: false })]);
  }

  #leaveOut(): void {
    this.#answeredAt = Number.NEGATIVE_INFINITY;
  }
}

function createPool(url: string, max: number, timeoutMs: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: "shop-replica",
    max,
    connectionTimeoutMillis: timeoutMs,
    maxLifetimeSeconds: figures.database.connectionMaxAgeSeconds,
    query_timeout: timeoutMs,
    keepAlive: true,
  });
  // A lost connection shows in the next probe; without listeners it would end the process.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

/** Postgres cancels reads that stand in the way of replay; the replica itself is well. */
function isConflictWithReplay(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === "40001" || error.code === "40P01");
}
