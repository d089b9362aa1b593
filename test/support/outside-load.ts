import { Agent, request } from "node:http";

/** What one request met; `0` is no answer at all. */
export interface OutsideReport {
  readonly requests: number;
  readonly byStatus: Readonly<Record<number, number>>;
  /** Everything but 2xx and 429. */
  readonly failures: readonly string[];
  readonly longestMs: number;
}

/**
 * A load generator that shares no code with the product's: closed loop, `clients` shoppers at addresses of their own,
 * each request counted once with its status, nothing retried. Ends by itself after `maxMs`.
 */
export function startOutsideLoad(options: { readonly url: string; readonly clients: number; readonly maxMs: number }): {
  stop(): Promise<OutsideReport>;
} {
  const byStatus: Record<number, number> = {};
  const failures: string[] = [];
  let longestMs = 0;
  let endAt = performance.now() + options.maxMs;

  const visit = async (client: number): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const localAddress = `127.77.${client >>> 8}.${1 + (client & 127)}`;
    for (let turn = 0; performance.now() < endAt; turn += 1) {
      const path = paths[(turn + client) % paths.length] ?? "/";
      const startedAt = performance.now();
      const { status, reason } = await get(`${options.url}${path}`, agent, localAddress);
      const tookMs = performance.now() - startedAt;
      longestMs = Math.max(longestMs, tookMs);
      byStatus[status] = (byStatus[status] ?? 0) + 1;
      if ((status < 200 || status > 299) && status !== 429) failures.push(`${path}: ${status} ${reason}`);
      await pause(thinkMs);
    }
    agent.destroy();
  };
  const visits = Array.from({ length: options.clients }, (_, client) => visit(client));

  return {
    stop: async () => {
      endAt = 0;
      await Promise.all(visits);
      const requests = Object.values(byStatus).reduce((sum, count) => sum + count, 0);
      return { requests, byStatus, failures, longestMs };
    },
  };
}

const paths = [
  "/shop/api/products/?limit=20",
  "/shop/api/products/1/",
  "/shop/api/products/2/",
  "/shop/api/products/3/",
];
/** With 100 requests a minute allowed per address, each shopper stays just below. */
const thinkMs = 700;

function get(url: string, agent: Agent, localAddress: string): Promise<{ status: number; reason: string }> {
  return new Promise((resolve) => {
    const sent = request(url, { agent, localAddress, timeout: 10_000 }, (response) => {
      response.once("error", (error) => resolve({ status: 0, reason: error.message }));
      response.once("end", () => resolve({ status: response.statusCode ?? 0, reason: response.statusMessage ?? "" }));
      response.resume();
    });
    sent.once("timeout", () => sent.destroy(new Error("no answer for 10 s")));
    sent.once("error", (error) => resolve({ status: 0, reason: error.message }));
    sent.end();
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
