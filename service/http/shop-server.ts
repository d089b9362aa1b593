import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { InFlight } from "../in-flight.ts";

/** Above the idle time of any router in front: the side that sends requests must be the one that closes first. */
const keepAliveTimeoutMs = 75_000;
const closeIdleEveryMs = 50;
/** Time for a connection's first request to arrive, once nobody sends new ones. */
const firstRequestMs = 1_000;

/** A listening HTTP server that stops without losing a request: first `drain`, some time later `close`. */
export class ShopServer {
  readonly #server: Server;
  readonly #inFlight = new InFlight<ServerResponse>();
  /** Connections on which nothing was asked yet: Node does not count them as idle, and would wait for them for ever. */
  readonly #unasked = new Set<Socket>();
  #draining = false;

  constructor(app: RequestListener) {
    this.#server = createServer({ keepAliveTimeout: keepAliveTimeoutMs }, (request, response) => {
      this.#unasked.delete(request.socket);
      if (this.#draining) leaveAfterAnswer(response);
      app(request, response);
      // What was answered at once has sent its headers: there is nothing that draining could still tell in them.
      if (response.headersSent) return;
      const slot = this.#inFlight.begin(response);
      response.once("close", () => this.#inFlight.end(slot));
    });
    this.#server.on("connection", (socket: Socket) => {
      this.#unasked.add(socket);
      socket.once("close", () => this.#unasked.delete(socket));
    });
  }

  get isDraining(): boolean {
    return this.#draining;
  }

  /** Rejects when the port is taken. */
  async listen(host: string, port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, host, () => {
        this.#server.off("error", reject);
        resolve();
      });
    });
  }

  /** Goes on answering, but asks clients to come back on a new connection, which leads elsewhere. */
  drain(): void {
    this.#draining = true;
    for (const response of this.#inFlight.all()) leaveAfterAnswer(response);
  }

  /** Takes no new connections, closes idle ones and resolves when the last request in flight was answered. */
  async close(): Promise<void> {
    this.drain();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    // Connections become idle one by one as their answers end.
    const timer = setInterval(() => this.#server.closeIdleConnections(), closeIdleEveryMs);
    const unasked = setTimeout(() => this.#unasked.forEach((socket) => socket.destroy()), firstRequestMs);
    await closed;
    clearInterval(timer);
    clearTimeout(unasked);
  }
}

function leaveAfterAnswer(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader("Connection", "close");
}
