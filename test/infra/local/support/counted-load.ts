import { Agent, request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

export interface Counted {
  readonly sent: number;
  readonly failures: readonly string[];
  readonly longestMs: number;
}

/** Sends requests one after the other on `clients` connections until stopped; every one is counted, none is repeated. */
export function startLoad(url: string, clients: number, method: "GET" | "POST" = "GET"): { stop(): Promise<Counted> } {
  const load = { running: true };
  let sent = 0;
  let longestMs = 0;
  const failures: string[] = [];
  const work = Array.from({ length: clients }, async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (load.running) {
      const startedAt = performance.now();
      const failure = await once(url, agent, method);
      sent += 1;
      longestMs = Math.max(longestMs, performance.now() - startedAt);
      if (failure !== undefined) failures.push(failure);
      await delay(2);
    }
    agent.destroy();
  });
  return {
    async stop() {
      load.running = false;
      await Promise.all(work);
      return { sent, failures, longestMs };
    },
  };
}

function once(url: string, agent: Agent, method: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const outgoing = request(url, { agent, method }, (response) => {
      response.once("error", (error) => resolve(error.message));
      response.once("end", () => resolve(response.statusCode === 200 ? undefined : `status ${response.statusCode}`));
      response.resume();
    });
    outgoing.once("error", (error) => resolve(error.message));
    outgoing.end();
  });
}
