import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  type Task,
  type TaskDefinition,
} from "@aws-sdk/client-ecs";
import type { ProcessObservation } from "../../observation.ts";
import type { AwsView } from "./clients.ts";

/** A task that runs, and what it was started from. */
export interface RunningTask {
  readonly process: ProcessObservation;
  readonly definition: TaskDefinition;
  /** Address inside the network; undefined until it has one. */
  readonly address: string | undefined;
}

const componentOf = { web: "web", pooler: "pgbouncer", mailWorker: "mail-worker" } as const;
type ServiceKind = keyof typeof componentOf;

/** Every task of the shop's services that ECS has or starts; those that it stops are not among them. */
export async function observeTasks(view: AwsView): Promise<readonly RunningTask[]> {
  const { services } = view.handles;
  const kinds = (["web", "pooler", "mailWorker"] as const).filter((kind) => services[kind] !== undefined);
  return (await Promise.all(kinds.map((kind) => tasksOf(view, kind, services[kind] ?? "")))).flat();
}

async function tasksOf(view: AwsView, kind: ServiceKind, service: string): Promise<readonly RunningTask[]> {
  const { cluster } = view.handles;
  const { taskArns = [] } = await view.ecs.send(
    new ListTasksCommand({ cluster, serviceName: service, desiredStatus: "RUNNING" }),
  );
  if (taskArns.length === 0) return [];
  const { tasks = [] } = await view.ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
  const own = tasks.filter(({ group }) => group === `service:${service}`);
  return await Promise.all(
    own.map(async (task) => {
      const { taskDefinition: definition = {} } = await view.ecs.send(
        new DescribeTaskDefinitionCommand({ taskDefinition: task.taskDefinitionArn }),
      );
      return { process: processOf(kind, task, definition), definition, address: addressOf(task) };
    }),
  );
}

function processOf(kind: ServiceKind, task: Task, definition: TaskDefinition): ProcessObservation {
  const id = task.taskArn?.split("/").at(-1) ?? "";
  const { startedAt } = task;
  return {
    name: `${kind === "mailWorker" ? "mail-worker" : kind}-${id.slice(0, 8)}`,
    component: componentOf[kind],
    state: stateOf(task),
    life: id,
    ...(startedAt === undefined ? {} : { upSeconds: Math.round((Date.now() - startedAt.getTime()) / 1_000) }),
    ...(definition.cpu === undefined || definition.memory === undefined
      ? {}
      : { limits: { cpu: Number(definition.cpu) / 1_024, memoryMiB: Number(definition.memory) } }),
  };
}

/** A task without a health check of its own has no health. */
function stateOf({ lastStatus, healthStatus }: Task): ProcessObservation["state"] {
  if (lastStatus !== "RUNNING") return "restarting";
  return healthStatus === "UNHEALTHY" ? "down" : "up";
}

function addressOf({ attachments = [] }: Task): string | undefined {
  return attachments.flatMap(({ details = [] }) => details).find(({ name }) => name === "privateIPv4Address")?.value;
}
