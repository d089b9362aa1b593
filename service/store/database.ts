import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { isConflict, isConnectionLost } from "./connection-trouble.ts";
import { Connections, type ConnectionsOptions } from "./connections.ts";
import type { QueryForm } from "./query-form.ts";
import type { Queryable } from "./queryable.ts";
import { Replicas, type ReplicasOptions, type ReplicaState } from "./replicas/replicas.ts";
import { primaryOnly, type Subject, type WriteMarks } from "./replicas/write-marks.ts";
import { runTransaction, type Transaction } from "./transaction.ts";

/** Long enough for a pooler or a restarted database to take connections again, short beside the response objective. */
const retryAfterMs = 250;

export interface DatabaseOptions extends ConnectionsOptions {
  /** Without it every read goes to the primary. */
  readonly replicas?: ReplicasOptions | undefined;
  /** Where writes are marked for other instances, which may have replicas when this one has none: while they are put in. */
  readonly marks?: Pick<WriteMarks, "note"> | undefined;
  /** Which form of its statements is sent; `plain` unless said. */
  readonly form?: QueryForm;
  /** Told of each read that a replica could have answered, and which server did. */
  readonly onRead?: (server: string) => void;
}

/** The shop's database behind a bounded pool of connections. */
export class Database implements Queryable {
  readonly form: QueryForm;
  readonly #connections: Connections;
  readonly #replicas: Replicas | undefined;
  readonly #marks: DatabaseOptions["marks"];
  readonly #onRead: ((server: string) => void) | undefined;

  constructor(options: DatabaseOptions) {
    this.form = options.form ?? "plain";
    this.#onRead = options.onRead;
    this.#marks = options.marks;
    this.#connections = new Connections(options);
    this.#replicas = options.replicas && new Replicas(options.replicas, () => this.#position());
  }

  /** Milliseconds of performance.now() at the last answer; -Infinity before the first. */
  get answeredAt(): number {
    return this.#connections.answeredAt;
  }

  get connectionsInUse(): number {
    return this.#connections.inUse;
  }

  /** One statement that may have effects: repeated only when Postgres undid it in favour of another. */
  query<Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return retryOnce(isConflict, () => this.#connections.query<Row>(sql, values));
  }

  /** Empty without replicas. */
  get replicaStates(): readonly ReplicaState[] {
    return this.#replicas?.states ?? [];
  }

  /**
   * One statement without effects: repeated once when the connection was lost. With `about` a replica may answer it that
   * shows every write about that subject; without, the primary does.
   */
  read<Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = [], about?: Subject): Promise<Row[]> {
    const replicas =
      about === undefined ? undefined : this.#replicas?.read(about, (replica) => replica.query<Row>(sql, values));
    const primary = (): Promise<Row[]> => retryOnce(isConnectionLost, () => this.query<Row>(sql, values));
    if (replicas === undefined) return primary();
    return replicas.then((read) => {
      this.#onRead?.(read?.server ?? "primary");
      return read?.answer ?? primary();
    });
  }

  /**
   * To be called after the commit and before the answer of whatever changes a subject that is read from replicas: reads
   * about it on every instance then show the change. Never rejects. Without replicas here nobody waits for the mark: it goes
   * to Redis ahead of the removals from the cache that follow, which are awaited.
   */
  async wrote(...subjects: readonly Subject[]): Promise<void> {
    if (this.#replicas === undefined) void this.#marks?.note(subjects, primaryOnly);
    else await this.#replicas.wrote(subjects);
  }

  /**
   * Runs `work` in one transaction and commits it when `keep` says so, otherwise undoes it. `work` may run twice: once more
   * when the connection was lost before COMMIT was sent, or when Postgres undid it in favour of another transaction.
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>, keep: (result: T) => boolean): Promise<T> {
    let commitSent = false;
    const keepAndNote = (result: T): boolean => (commitSent = keep(result));
    const mayRepeat = (error: unknown): boolean => isConflict(error) || (!commitSent && isConnectionLost(error));
    return retryOnce(mayRepeat, () => runTransaction(this.#connections, { work, keep: keepAndNote }));
  }

  async close(): Promise<void> {
    await Promise.all([this.#connections.close(), this.#replicas?.close()]);
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
