import { setTimeout as delay } from "node:timers/promises";
import { CloudWatchLogsClient, GetLogEventsCommand, ResourceNotFoundException } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeTasksCommand, ECSClient, ListTasksCommand, RunTaskCommand, type Task } from "@aws-sdk/client-ecs";
import type { TaskPlace } from "./task-place.ts";

export interface TaskOutcome {
  readonly arn: string;
  /** What the program wrote, in order; its two streams are one in CloudWatch. */
  readonly lines: readonly string[];
}

const container = "shop";
const startedBy = "shopctl";
const pollMs = 1_000;
/** Ten million rows in gentle batches take minutes; this is for a task that hangs. */
const timeoutMs = 7_200_000;
/** CloudWatch has a task's last lines some seconds after its end: how long the first is waited for, and each one more. */
const firstLineMs = 8_000;
const nextLineMs = 2_000;
const logPollMs = 500;

/**
 * Runs a program of the image once as a task of its own, tells `say` its lines as they come, and judges it by its exit code.
 * Throws when it does not start, does not end, or ends with another code than 0; its last lines say why.
 */
export async function runTask(
  place: TaskPlace,
  command: readonly string[],
  say: (line: string) => void = () => undefined,
): Promise<TaskOutcome> {
  return await follow(place, command, { start, say });
}

/**
 * The same, but a run of the program that a killed shopctl has left is followed instead of starting another beside it. Not
 * for questions: what such a run answers may be about another time.
 */
export async function runOrFollowTask(
  place: TaskPlace,
  command: readonly string[],
  say: (line: string) => void,
): Promise<TaskOutcome> {
  return await follow(place, command, {
    start: async (...task) => (await running(...task)) ?? (await start(...task)),
    say,
  });
}

async function follow(
  place: TaskPlace,
  command: readonly string[],
  how: { readonly start: typeof start; readonly say: (line: string) => void },
): Promise<TaskOutcome> {
  const { say } = how;
  const ecs = new ECSClient({ region: place.region });
  const arn = await how.start(ecs, place, command);
  const log = new TaskLog(place, arn);
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const task = await describe(ecs, place, arn);
    for (const line of await log.newLines()) say(line);
    if (task?.lastStatus === "STOPPED") {
      const lines = await log.rest(say);
      const failure = failureOf(task);
      if (failure !== undefined)
        throw new Error([`task ${command.join(" ")} ${failure}`, ...lines.slice(-5)].join("\n"));
      return { arn, lines };
    }
    if (performance.now() > deadline)
      throw new Error(`task ${command.join(" ")} (${arn}) did not end within two hours`);
    await delay(pollMs);
  }
}

/** ARN of a task that already runs the program, from the same definition. */
async function running(ecs: ECSClient, place: TaskPlace, command: readonly string[]): Promise<string | undefined> {
  const { cluster, taskDefinition } = place;
  const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster, startedBy, desiredStatus: "RUNNING" }));
  if (taskArns.length === 0) return undefined;
  const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
  const wanted = ["node", ...command].join(" ");
  return tasks.find(
    ({ taskDefinitionArn, overrides }) =>
      taskDefinitionArn === taskDefinition && overrides?.containerOverrides?.[0]?.command?.join(" ") === wanted,
  )?.taskArn;
}

async function start(ecs: ECSClient, place: TaskPlace, command: readonly string[]): Promise<string> {
  const { tasks: [task] = [], failures = [] } = await ecs.send(
    new RunTaskCommand({
      cluster: place.cluster,
      taskDefinition: place.taskDefinition,
      launchType: "FARGATE",
      startedBy,
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: place.subnets,
          securityGroups: [place.securityGroup],
          assignPublicIp: "DISABLED",
        },
      },
      overrides: { containerOverrides: [{ name: container, command: ["node", ...command] }] },
    }),
  );
  if (task?.taskArn !== undefined) return task.taskArn;
  const why = failures.map(({ reason = "", detail = "" }) => `${reason} ${detail}`.trim()).join("; ");
  throw new Error(`ECS did not start the task ${command.join(" ")}: ${why === "" ? "no reason given" : why}`);
}

async function describe(ecs: ECSClient, { cluster }: TaskPlace, arn: string): Promise<Task | undefined> {
  const { tasks: [task] = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [arn] }));
  return task;
}

/** Why a stopped task did not do its work; undefined for exit code 0. */
export function failureOf({ containers = [], stoppedReason = "" }: Task): string | undefined {
  const own = containers.find(({ name }) => name === container);
  if (own?.exitCode === 0) return undefined;
  if (own?.exitCode === undefined) return `never ran: ${own?.reason ?? stoppedReason}`;
  return `ended with exit code ${own.exitCode}`;
}

/** The lines of one task's log stream, each told once. */
class TaskLog {
  readonly #client: CloudWatchLogsClient;
  readonly #stream: { readonly logGroupName: string; readonly logStreamName: string };
  readonly #lines: string[] = [];
  #nextToken: string | undefined;
  /** Whether the stream is there. */
  #isOpen = false;

  constructor({ region, logGroup }: TaskPlace, arn: string) {
    this.#client = new CloudWatchLogsClient({ region });
    const id = arn.split("/").at(-1) ?? "";
    this.#stream = { logGroupName: logGroup, logStreamName: `${container}/${container}/${id}` };
  }

  async newLines(): Promise<readonly string[]> {
    try {
      const page = await this.#client.send(
        new GetLogEventsCommand({ ...this.#stream, startFromHead: true, nextToken: this.#nextToken }),
      );
      this.#isOpen = true;
      this.#nextToken = page.nextForwardToken;
      const fresh = (page.events ?? []).map(({ message = "" }) => message.trimEnd());
      this.#lines.push(...fresh);
      return fresh;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return [];
      throw error;
    }
  }

  /**
   * Every line there was, once no more can come. A container's stream is made before the container starts
   * (https://docs.docker.com/engine/logging/drivers/awslogs/): where there is none after the end, nothing was ever said.
   */
  async rest(say: (line: string) => void): Promise<readonly string[]> {
    let quietSince = performance.now();
    for (;;) {
      const fresh = await this.newLines();
      for (const line of fresh) say(line);
      if (fresh.length > 0) quietSince = performance.now();
      const patienceMs = this.#isOpen && this.#lines.length === 0 ? firstLineMs : nextLineMs;
      if (performance.now() - quietSince >= patienceMs) return this.#lines;
      await delay(logPollMs);
    }
  }
}
