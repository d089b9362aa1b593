import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { figures } from "../contract/figures.ts";
import { isConflict, isConnectionLost } from "./connection-trouble.ts";
import type { QueryForm } from "./query-form.ts";
import { Replicas, type ReplicasOptions, type ReplicaState } from "./replicas/replicas.ts";
import type { Subject } from "./replicas/write-marks.ts";
import { DatabaseSilent, SilenceWatch } from "./silence-watch.ts";

// Identity columns are bigint; their values stay far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** Longer than the server's own statement_timeout: it ends waiting for a server that no longer answers. */
const queryTimeoutMs = 8_000;
/** Long enough for a pooler or a restarted database to take connections again, short beside the response objective. */
const retryAfterMs = 250;

/** Runs unnamed statements only: named ones break behind PgBouncer in transaction mode. */
export interface Queryable {
  query<Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** What a function asks for when its statements must succeed or fail together. */
export interface Transaction extends Queryable {
  readonly isTransaction: true;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly poolSize: number;
  readonly onWait: (seconds: number) => void;
  readonly onError: (error: Error) => void;
  /** How long requests wait while the database answers nobody; without it as long as a connection may take. */
  readonly silenceMs?: number | undefined;
  /** Without it every read goes to the primary. */
  readonly replicas?: ReplicasOptions | undefined;
  /** Which form of its statements is sent; `plain` unless said. */
  readonly form?: QueryForm;
  /** Told of each read that a replica could have answered, and which server did. */
  readonly onRead?: (server: string) => void;
}

/** The shop's database behind a bounded pool of connections. */
export class Database implements Queryable {
  readonly form: QueryForm;
  readonly #pool: pg.Pool;
  readonly #onWait: (seconds: number) => void;
  readonly #replicas: Replicas | undefined;
  readonly #onRead: ((server: string) => void) | undefined;
  readonly #silence: SilenceWatch | undefined;
  #answeredAt = Number.NEGATIVE_INFINITY;

  constructor(options: DatabaseOptions) {
    this.form = options.form ?? "plain";
    this.#onWait = options.onWait;
    this.#onRead = options.onRead;
    this.#silence =
      options.silenceMs === undefined ? undefined : new SilenceWatch(options.silenceMs, () => this.#answeredAt);
    this.#pool = new pg.Pool({
      connectionString: options.url,
      application_name: "shop",
      max: options.poolSize,
      connectionTimeoutMillis: figures.database.connectTimeoutSeconds * 1_000,
      maxLifetimeSeconds: figures.database.connectionMaxAgeSeconds,
      query_timeout: queryTimeoutMs,
      // A statement may leave before the one before it was answered: a transaction's BEGIN costs no round trip.
      pipeline: true,
      keepAlive: true,
    });
    // Without listeners on the pool and on every client a lost connection ends the process.
    this.#pool.on("error", options.onError);
    this.#pool.on("connect", (client) => client.on("error", options.onError));
    this.#replicas = options.replicas && new Replicas(options.replicas, () => this.#position());
  }

  /** Milliseconds of performance.now() at the last answer; -Infinity before the first. */
  get answeredAt(): number {
    return this.#answeredAt;
  }

  get connectionsInUse(): number {
    return this.#pool.totalCount - this.#pool.idleCount;
  }

  /** One statement that may have effects: never repeated. */
  query<Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.#withClient((client) => this.#run<Row>(client, sql, values));
  }

  /** Empty without replicas. */
  get replicaStates(): readonly ReplicaState[] {
    return this.#replicas?.states ?? [];
  }

  /**
   * One statement without effects: repeated once when the connection was lost. With `about` a replica may answer it that
   * shows every write about that subject; without, the primary does.
   */
  async read<Row extends pg.QueryResultRow>(
    sql: string,
    values: readonly unknown[] = [],
    about?: Subject,
  ): Promise<Row[]> {
    if (about !== undefined && this.#replicas !== undefined) {
      const read = await this.#replicas.read(about, (replica) => replica.query<Row>(sql, values));
      this.#onRead?.(read?.server ?? "primary");
      if (read !== undefined) return read.answer;
    }
    return retryOnce(isConnectionLost, () => this.query<Row>(sql, values));
  }

  /**
   * To be called after the commit and before the answer of whatever changes a subject that is read from replicas: reads
   * about it on every instance then show the change. Never rejects; does nothing without replicas.
   */
  async wrote(...subjects: readonly Subject[]): Promise<void> {
    await this.#replicas?.wrote(subjects);
  }

  /**
   * Runs `work` in one transaction and commits it when `keep` says so, otherwise undoes it. `work` may run twice:
   * once more when the connection was lost or Postgres chose it as a deadlock's victim before COMMIT was sent.
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>, keep: (result: T) => boolean): Promise<T> {
    let commitSent = false;
    const mayRepeat = (error: unknown): boolean => !commitSent && (isConnectionLost(error) || isConflict(error));
    return retryOnce(mayRepeat, () =>
      this.#withClient(async (client) => {
        const begun = client.query("begin");
        try {
          const working = work({
            isTransaction: true,
            query: <Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []) =>
              this.#run<Row>(client, sql, values),
          });
          const [result] = await Promise.all([working, begun]);
          commitSent = keep(result);
          await client.query(commitSent ? "commit" : "rollback");
          return result;
        } catch (error) {
          if (!isConnectionLost(error)) await client.query("rollback").catch(() => undefined);
          throw error;
        }
      }),
    );
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.end(), this.#replicas?.close()]);
  }

  /**
   * End of what the primary's log holds on disk, in bytes since its beginning: every commit that was answered is in it. The
   * place of the next insertion would be past the header of an empty segment, where no replica gets while nobody writes.
   */
  async #position(): Promise<number> {
    const rows = await this.query<{ position: number }>(
      "select (pg_current_wal_flush_lsn() - '0/0')::float8 as position",
    );
    return rows[0]?.position ?? 0;
  }

  async #run<Row extends pg.QueryResultRow>(
    client: pg.PoolClient,
    sql: string,
    values: readonly unknown[],
  ): Promise<Row[]> {
    const result = await client.query<Row>(sql, [...values]);
    this.#answeredAt = performance.now();
    return result.rows;
  }

  async #withClient<T>(use: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const askedAt = performance.now();
    const client = await this.#connect();
    this.#onWait((performance.now() - askedAt) / 1_000);
    try {
      const used = use(client);
      const result = await (this.#silence?.orGiveUp(used) ?? used);
      client.release();
      return result;
    } catch (error) {
      // Errors of Postgres itself leave the connection usable; after any other its state is unknown.
      client.release(!(error instanceof pg.DatabaseError) || isConnectionLost(error));
      throw error;
    }
  }

  async #connect(): Promise<pg.PoolClient> {
    const connecting = this.#pool.connect();
    if (this.#silence === undefined) return connecting;
    try {
      return await this.#silence.orGiveUp(connecting);
    } catch (error) {
      // Whoever gave up must not keep the connection that comes after all.
      if (error instanceof DatabaseSilent) connecting.then((late) => late.release()).catch(() => undefined);
      throw error;
    }
  }
}

/** What a query that only reads asks for. */
export type Reader = Pick<Database, "read" | "form">;

async function retryOnce<T>(mayRepeat: (error: unknown) => boolean, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!mayRepeat(error)) throw error;
    await sleep(retryAfterMs);
    return attempt();
  }
}
