import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListClustersCommand,
  ListTasksCommand,
  StopTaskCommand,
  type Task,
} from "@aws-sdk/client-ecs";
import type { Aws } from "./aws-access.ts";
import type { RdsServers } from "./rds-servers.ts";
import { repeat } from "./repeat.ts";
import { runContainer } from "./run-container.ts";

const intervalMs = 250;

/**
 * Runs what ECS is told to run once, which moto only notes: the program of this build, with the environment, the secrets and
 * the log of its definition. A task ends with the exit code that its program ended with. The result stops it.
 */
export function runOneOffTasks(of: Aws, servers: RdsServers): () => Promise<void> {
  const running = new Map<string, Promise<void>>();
  const over = new AbortController();
  const begin = async (cluster: string, task: Task): Promise<void> => {
    const ended = await runTask(of, servers, { task, signal: over.signal });
    // Without a code ECS says why it never ran.
    const reason = typeof ended === "number" ? `exit code ${ended}` : ended;
    await of.client(ECSClient).send(new StopTaskCommand({ cluster, task: task.taskArn, reason }));
  };
  const stop = repeat(intervalMs, async () => {
    for (const { cluster, task } of await begunTasks(of)) {
      const id = task.taskArn ?? "";
      if (!running.has(id)) running.set(id, begin(cluster, task));
    }
  });
  return async () => {
    over.abort();
    await stop();
    await Promise.allSettled(running.values());
  };
}

async function begunTasks(of: Aws): Promise<readonly { readonly cluster: string; readonly task: Task }[]> {
  const client = of.client(ECSClient);
  const { clusterArns = [] } = await client.send(new ListClustersCommand());
  const found = clusterArns.map(async (cluster) => {
    const begun = { cluster, startedBy: "shopctl", desiredStatus: "RUNNING" } as const;
    const { taskArns = [] } = await client.send(new ListTasksCommand(begun));
    if (taskArns.length === 0) return [];
    const { tasks = [] } = await client.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
    return tasks.map((task) => ({ cluster, task }));
  });
  return (await Promise.all(found)).flat();
}

/** The exit code, or why it never ran. */
async function runTask(
  of: Aws,
  servers: RdsServers,
  { task, signal }: { readonly task: Task; readonly signal: AbortSignal },
): Promise<number | string> {
  try {
    const { taskDefinition: definition } = await of
      .client(ECSClient)
      .send(new DescribeTaskDefinitionCommand({ taskDefinition: task.taskDefinitionArn }));
    const [override] = task.overrides?.containerOverrides ?? [];
    const container = definition?.containerDefinitions?.find(({ name }) => name === override?.name);
    if (container === undefined) return `no container ${override?.name ?? ""} in ${definition?.family ?? ""}`;
    const command = override?.command ?? container.command ?? [];
    const id = task.taskArn?.split("/").at(-1) ?? "";
    return await runContainer(of, servers, { id, container, command, signal });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
