import { DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
import { deliverySchema, type Delivery } from "../../service/contract/delivery.ts";
import { OperationError } from "../operation-error.ts";
import type { AwsHandles } from "./handles.ts";
import { printedDocument } from "./tasks/printed-document.ts";
import { runTask } from "./tasks/run-task.ts";
import type { TaskPlace } from "./tasks/task-place.ts";

/** Runs the image's own program for mails inside the network. Throws OperationError `failed`. */
export async function runMails({ tasks }: AwsHandles, args: readonly string[]): Promise<unknown> {
  return await answerOf(tasks, ["mails.js", ...args]);
}

/** Sends what waits in the outbox where no mail worker does; undefined where one does. Throws OperationError `failed`. */
export async function deliverOutbox(handles: AwsHandles): Promise<Delivery | undefined> {
  if (handles.services.mailWorker !== undefined) return undefined;
  return deliverySchema.parse(await answerOf(await placeOfWeb(handles), ["deliver.js"]));
}

/** Where a task such as web's runs, which has the mail's credentials: from its definition and in its network. */
async function placeOfWeb({ tasks, cluster, services }: AwsHandles): Promise<TaskPlace> {
  const ecs = new ECSClient({ region: tasks.region });
  const { services: [web] = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: [services.web] }));
  const { taskDefinition, networkConfiguration } = web ?? {};
  const { subnets, securityGroups: [securityGroup] = [] } = networkConfiguration?.awsvpcConfiguration ?? {};
  if (taskDefinition === undefined || subnets === undefined || securityGroup === undefined)
    throw new OperationError("failed", `ECS has no service ${services.web} whose task could deliver the mails`);
  return { ...tasks, taskDefinition, subnets, securityGroup };
}

async function answerOf(place: TaskPlace, command: readonly string[]): Promise<unknown> {
  let lines: readonly string[];
  try {
    ({ lines } = await runTask(place, command));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new OperationError("failed", why, { cause: error });
  }
  const answer = printedDocument(lines);
  if (answer === undefined) throw new OperationError("failed", `task ${command.join(" ")} ended well and said nothing`);
  return answer;
}
