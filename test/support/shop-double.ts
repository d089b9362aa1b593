import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A server with the shop's paths that counts what it got; for tests of what sends, not of the shop. */
export interface ShopDouble {
  readonly url: string;
  /** Requests by `METHOD path`, with ids and queries taken away. */
  readonly counts: Map<string, number>;
  /** Requests by the address that they came from. */
  readonly addresses: Map<string, number>;
  readonly idempotencyKeys: string[];
  /** Sockets open now. */
  readonly sockets: Set<Socket>;
  /** Answers instead of the double; return false to leave it to the double. */
  interfere: (request: IncomingMessage, response: ServerResponse) => boolean;
  close(): Promise<void>;
}

const page = JSON.stringify({
  items: Array.from({ length: 30 }, (_, index) => ({
    id: index + 1,
    name: `Blue Mug ${index}`,
    category: "mugs",
    priceCents: 900,
  })),
  next: null,
});

export async function startShopDouble(): Promise<ShopDouble> {
  const sockets = new Set<Socket>();
  const [counts, addresses] = [new Map<string, number>(), new Map<string, number>()];
  const idempotencyKeys: string[] = [];
  const server: Server = createServer((request, response) => {
    add(counts, `${request.method} ${(request.url ?? "").replace(/\?.*/, "").replace(/\d+/, ":id")}`);
    add(addresses, request.socket.remoteAddress ?? "");
    const key = request.headers["idempotency-key"];
    if (typeof key === "string") idempotencyKeys.push(key);
    request.resume();
    if (!double.interfere(request, response)) answer(request, response);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  const double: ShopDouble = {
    url: "",
    counts,
    addresses,
    idempotencyKeys,
    sockets,
    interfere: () => false,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(double, { url: `http://127.0.0.1:${port}` });
}

function answer({ method, url }: IncomingMessage, response: ServerResponse): void {
  const isLogin = url === "/accounts/token/";
  response.writeHead(method === "POST" && !isLogin ? 201 : 200, { "content-type": "application/json" });
  response.end(isLogin ? JSON.stringify({ token: "t0ken", expiresAt: "2030-01-01T00:00:00Z" }) : page);
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
