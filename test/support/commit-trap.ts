import { connect, createServer, type Socket } from "node:net";
import { freePort } from "./free-port.ts";

/** Stands between a shop and its Postgres and, once it is set, keeps back the answer to a COMMIT. */
export interface CommitTrap {
  readonly port: number;
  /** Resolves when the next transaction with `statement` was committed and the answer is being kept back. */
  set(statement: string): Promise<void>;
  /** Cuts the connection whose answer is kept back: nobody will ever see it. */
  cut(): void;
  /** Lets the answer that was kept back go on its way. */
  release(): void;
  stop(): Promise<void>;
}

/** Postgres' message CommandComplete of a COMMIT. */
const committed = Buffer.from("COMMIT\0");

export async function startCommitTrap(postgresPort: number): Promise<CommitTrap> {
  const port = await freePort();
  const sockets = new Set<Socket>();
  let awaited: { readonly statement: string; readonly caught: () => void } | undefined;
  let kept = { cut: (): void => undefined, release: (): void => undefined };
  const server = createServer((shop) => {
    const postgres = connect(postgresPort, "127.0.0.1");
    const end = (): void => {
      shop.destroy();
      postgres.destroy();
    };
    for (const socket of [shop, postgres]) {
      sockets.add(socket);
      socket.once("error", end).once("close", end);
    }
    let transaction = "";
    shop.on("data", (chunk) => {
      transaction += chunk.toString("latin1");
      postgres.write(chunk);
    });
    postgres.on("data", (chunk) => {
      const ends = chunk.includes(committed);
      const trapped = ends && awaited !== undefined && transaction.includes(awaited.statement);
      if (ends) transaction = "";
      if (!trapped) {
        shop.write(chunk);
        return;
      }
      kept = { cut: end, release: () => void shop.write(chunk) };
      awaited?.caught();
      awaited = undefined;
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    port,
    set: (statement) =>
      new Promise((caught) => {
        awaited = { statement, caught };
      }),
    cut: () => kept.cut(),
    release: () => kept.release(),
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
