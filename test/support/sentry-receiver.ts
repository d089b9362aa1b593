import { createServer } from "node:http";
import { freePort } from "./free-port.ts";

/** Takes envelopes as Sentry does and keeps their text. */
export interface SentryReceiver {
  readonly dsn: string;
  /** Secret part of the DSN. */
  readonly key: string;
  readonly envelopes: readonly string[];
  stop(): Promise<void>;
}

export async function startSentryReceiver(): Promise<SentryReceiver> {
  const envelopes: string[] = [];
  const key = "5e17deadbeefsentrykey";
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (request.method === "POST" && request.url?.startsWith("/api/7/envelope/") === true) {
        envelopes.push(Buffer.concat(chunks).toString());
      }
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    dsn: `http://${key}@127.0.0.1:${port}/7`,
    key,
    envelopes,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
