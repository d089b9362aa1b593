import { createServer, type RequestListener, type Server } from "node:http";

/** Above the idle time of any router in front: the side that sends requests must be the one that closes first. */
const keepAliveTimeoutMs = 75_000;
const closeIdleEveryMs = 50;

/** Listens; rejects when the port is taken. */
export async function listen(app: RequestListener, host: string, port: number): Promise<Server> {
  const server = createServer({ keepAliveTimeout: keepAliveTimeoutMs }, app);
  // Must not be shorter than the keep-alive time, or Node closes kept connections early.
  server.headersTimeout = keepAliveTimeoutMs + 1_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  return server;
}

/** Takes no new connections, closes idle ones and resolves when the last request in flight was answered. */
export async function closeGracefully(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // Connections become idle one by one as their answers end.
  const timer = setInterval(() => server.closeIdleConnections(), closeIdleEveryMs);
  server.closeIdleConnections();
  await closed;
  clearInterval(timer);
}
