import pg from "pg";
import { figures } from "../contract/figures.ts";
import { isConnectionLost } from "./connection-trouble.ts";
import { DatabaseSilent, SilenceWatch } from "./silence-watch.ts";

// Identity columns are bigint; their values stay far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** Longer than the server's own statement_timeout: it ends waiting for a server that no longer answers. */
const queryTimeoutMs = 8_000;

export interface ConnectionsOptions {
  readonly url: string;
  readonly poolSize: number;
  readonly onWait: (seconds: number) => void;
  readonly onError: (error: Error) => void;
  /** How long requests wait while the database answers nobody; without it as long as a connection may take. */
  readonly silenceMs?: number | undefined;
}

/** A bounded pool of connections to the primary, and the watch over its silence. */
export class Connections {
  readonly #pool: pg.Pool;
  readonly #onWait: (seconds: number) => void;
  readonly #silence: SilenceWatch;
  #answeredAt = Number.NEGATIVE_INFINITY;

  constructor({ url, poolSize, onWait, onError, silenceMs = Number.POSITIVE_INFINITY }: ConnectionsOptions) {
    this.#onWait = onWait;
    this.#silence = new SilenceWatch(silenceMs, () => this.#answeredAt);
    this.#pool = new pg.Pool({
      connectionString: url,
      application_name: "shop",
      max: poolSize,
      connectionTimeoutMillis: figures.database.connectTimeoutSeconds * 1_000,
      maxLifetimeSeconds: figures.database.connectionMaxAgeSeconds,
      query_timeout: queryTimeoutMs,
      // A statement may leave before the one before it was answered: a transaction's BEGIN costs no round trip.
      pipeline: true,
      keepAlive: true,
    });
    // Without listeners on the pool and on every client a lost connection ends the process.
    this.#pool.on("error", onError);
    this.#pool.on("connect", (client) => client.on("error", onError));
  }

  /** Milliseconds of performance.now() at the last answer; -Infinity before the first. */
  get answeredAt(): number {
    return this.#answeredAt;
  }

  get inUse(): number {
    return this.#pool.totalCount - this.#pool.idleCount;
  }

  /** One statement over any connection. By callbacks, because a promise for each of its stages costs more than pg does. */
  query<Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[]): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      const askedAt = performance.now();
      let client: pg.PoolClient | undefined;
      let isOver = false;
      const end = (error: unknown, rows: Row[]): void => {
        // Whoever gave up hears nothing more.
        if (isOver) return;
        isOver = true;
        this.#silence.end(wait);
        client?.release(error !== undefined && isStateUnknown(error));
        if (error === undefined) resolve(rows);
        else reject(error);
      };
      const wait = this.#silence.begin((silence) => end(silence, []));
      this.#pool.connect((error, connected) => {
        if (connected === undefined || error !== undefined) return end(error, []);
        // It must not keep the connection that comes after all.
        if (isOver) return connected.release();
        client = connected;
        this.#onWait((performance.now() - askedAt) / 1_000);
        client.query<Row>(sql, [...values], (failure, result) => {
          if (failure as Error | null) return end(failure, []);
          this.#answeredAt = performance.now();
          end(undefined, result.rows);
        });
      });
    });
  }

  /** One statement of several over the same connection. */
  async queryWith<Row extends pg.QueryResultRow>(
    client: pg.PoolClient,
    sql: string,
    values: readonly unknown[],
  ): Promise<Row[]> {
    const result = await client.query<Row>(sql, [...values]);
    this.#answeredAt = performance.now();
    return result.rows;
  }

  /** Takes a connection for as long as `work` needs it. */
  async use<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const askedAt = performance.now();
    const client = await this.#connect();
    this.#onWait((performance.now() - askedAt) / 1_000);
    try {
      const result = await this.#silence.orGiveUp(work(client));
      client.release();
      return result;
    } catch (error) {
      client.release(isStateUnknown(error));
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #connect(): Promise<pg.PoolClient> {
    const connecting = this.#pool.connect();
    try {
      return await this.#silence.orGiveUp(connecting);
    } catch (error) {
      // Whoever gave up must not keep the connection that comes after all.
      if (error instanceof DatabaseSilent) connecting.then((late) => late.release()).catch(() => undefined);
      throw error;
    }
  }
}

/** Errors of Postgres itself leave a connection usable; after any other its state is unknown. */
function isStateUnknown(error: unknown): boolean {
  return !(error instanceof pg.DatabaseError) || isConnectionLost(error);
}
