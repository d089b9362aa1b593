import { setTimeout as delay } from "node:timers/promises";
import { ECSClient, ListClustersCommand, ListTasksCommand, StopTaskCommand } from "@aws-sdk/client-ecs";
import type { Aws } from "./aws-access.ts";

const intervalMs = 250;

/** Ends one-off tasks, with code 0, soon after they began: moto starts no container. The result stops it. */
export function endOneOffTasks(of: Aws): () => Promise<void> {
  const over = new AbortController();
  const loop = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await endThose(of).catch(() => undefined);
      await delay(intervalMs, undefined, { signal: over.signal }).catch(() => undefined);
    }
  };
  const ended = loop();
  return async () => {
    over.abort();
    await ended;
  };
}

async function endThose(of: Aws): Promise<void> {
  const client = of.client(ECSClient);
  const { clusterArns = [] } = await client.send(new ListClustersCommand());
  for (const cluster of clusterArns) {
    const begun = { cluster, startedBy: "shopctl", desiredStatus: "RUNNING" } as const;
    const { taskArns = [] } = await client.send(new ListTasksCommand(begun));
    for (const task of taskArns) await client.send(new StopTaskCommand({ cluster, task }));
  }
}
