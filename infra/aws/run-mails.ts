import { DescribeServicesCommand, ECSClient, ListServicesCommand } from "@aws-sdk/client-ecs";
import { deliverySchema, type Delivery } from "../../service/contract/delivery.ts";
import { OperationError } from "../operation-error.ts";
import type { AwsHandles } from "./handles.ts";
import { printedDocument } from "./tasks/printed-document.ts";
import { runTask } from "./tasks/run-task.ts";
import type { TaskPlace } from "./tasks/task-place.ts";

/** Name that Pulumi gives the worker's service: the stack's outputs know of it only when an update has ended well. */
const workerService = /-mail-worker-[0-9a-f]+$/;

/** Runs the image's own program for mails inside the network. Throws OperationError `failed`. */
export async function runMails({ tasks }: AwsHandles, args: readonly string[]): Promise<unknown> {
  return await asOperation(async () => await answerOf(tasks, ["mails.js", ...args]));
}

/** Sends what waits in the outbox where no mail worker does; undefined where one does. Throws OperationError `failed`. */
export async function deliverOutbox(handles: AwsHandles): Promise<Delivery | undefined> {
  return await asOperation(async () => {
    const ecs = new ECSClient({ region: handles.tasks.region });
    if (await hasWorker(ecs, handles)) return undefined;
    return deliverySchema.parse(await answerOf(await placeOfWeb(ecs, handles), ["deliver.js"]));
  });
}

async function hasWorker(ecs: ECSClient, { cluster }: AwsHandles): Promise<boolean> {
  // A shop has three services, and a page has ten.
  const { serviceArns = [] } = await ecs.send(new ListServicesCommand({ cluster }));
  const workers = serviceArns.filter((arn) => workerService.test(arn));
  if (workers.length === 0) return false;
  const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: workers }));
  return services.some(({ status }) => status === "ACTIVE");
}

/** Where a task such as web's runs, which has the mail's credentials: from its definition and in its network. */
async function placeOfWeb(ecs: ECSClient, { tasks, cluster, services }: AwsHandles): Promise<TaskPlace> {
  const { services: [web] = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: [services.web] }));
  const { taskDefinition, networkConfiguration } = web ?? {};
  const { subnets, securityGroups: [securityGroup] = [] } = networkConfiguration?.awsvpcConfiguration ?? {};
  if (taskDefinition === undefined || subnets === undefined || securityGroup === undefined)
    throw new Error(`ECS has no service ${services.web} whose task could deliver the mails`);
  return { ...tasks, taskDefinition, subnets, securityGroup };
}

async function answerOf(place: TaskPlace, command: readonly string[]): Promise<unknown> {
  const answer = printedDocument((await runTask(place, command)).lines);
  if (answer !== undefined) return answer;
  throw new Error(`the answer of task ${command.join(" ")} could not be read; what it did stands`);
}

async function asOperation<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new OperationError("failed", error instanceof Error ? error.message : String(error), { cause: error });
  }
}
