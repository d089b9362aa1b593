import { isConnectionLost } from "./connection-trouble.ts";
import type { Connections } from "./connections.ts";
import type { Queryable } from "./queryable.ts";

/** What a function asks for when its statements must succeed or fail together. */
export interface Transaction extends Queryable {
  /**
   * A statement whose rows nobody needs: what comes next, if only COMMIT, leaves right behind it instead of a round trip
   * later. When it fails the transaction does.
   */
  send(sql: string, values: readonly unknown[]): void;
}

export interface TransactionWork<T> {
  readonly work: (transaction: Transaction) => Promise<T>;
  /** Whether what was done is to be committed; otherwise it is undone. Told right before either. */
  readonly keep: (result: T) => boolean;
}

/** Runs `work` once in one transaction. Rejects with what failed first. */
export function runTransaction<T>(connections: Connections, { work, keep }: TransactionWork<T>): Promise<T> {
  return connections.use(async (client) => {
    const begun = client.query("begin");
    const sent: Promise<unknown>[] = [];
    let failedFirst: unknown;
    try {
      const working = work({
        query: (sql, values = []) => connections.queryWith(client, sql, values),
        send: (sql, values) => {
          const sending = connections.queryWith(client, sql, values);
          sending.catch((error: unknown) => (failedFirst ??= error));
          sent.push(sending);
        },
      });
      const [result] = await Promise.all([working, begun]);
      const end = keep(result) ? "commit" : "rollback";
      // Behind a statement that failed COMMIT undoes the transaction.
      await Promise.all([...sent, client.query(end)]);
      return result;
    } catch (error) {
      if (!isConnectionLost(error)) await client.query("rollback").catch(() => undefined);
      // What followed a statement that failed is only told that the transaction is over.
      throw failedFirst ?? error;
    }
  });
}
