import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  type InputLogEvent,
} from "@aws-sdk/client-cloudwatch-logs";
import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Aws } from "./aws-access.ts";
import type { RdsServers } from "./rds-servers.ts";

/** What the image has: the release of this build. */
const release = join(import.meta.dirname, "..", "..", "..", "dist", "service");
const killedCode = 137;
/** `arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME` */
const arnParts = 7;

export interface ContainerRun {
  /** Id of its task. */
  readonly id: string;
  readonly container: ContainerDefinition;
  /** `node PROGRAM …`, of the image. */
  readonly command: readonly string[];
  /** Ends it by force. */
  readonly signal: AbortSignal;
}

/** Runs a container's program on this machine, writes its lines to CloudWatch, and gives its exit code. */
export async function runContainer(
  of: Aws,
  servers: RdsServers,
  { id, container, command, signal }: ContainerRun,
): Promise<number> {
  const [program, ...args] = command;
  if (program !== "node") throw new Error(`the image's programs are node's, not ${program}`);
  const env = await environmentOf(of, servers, container);
  const log = await openLog(of, container, id);
  const child = spawn(process.execPath, args, { cwd: release, env, stdio: ["ignore", "pipe", "pipe"], signal });
  const ended = once(child, "close") as Promise<[number | null]>;
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", log.write);
  const [code] = await ended;
  await log.close();
  return code ?? killedCode;
}

/** Its variables and its secrets, and nothing of this process; databases are where this machine has them. */
async function environmentOf(
  of: Aws,
  servers: RdsServers,
  { environment = [], secrets = [] }: ContainerDefinition,
): Promise<Record<string, string>> {
  const values = secrets.map(async ({ name = "", valueFrom = "" }) => {
    const { SecretString = "" } = await of
      .client(SecretsManagerClient)
      .send(new GetSecretValueCommand(versionOf(valueFrom)));
    return { name, value: SecretString };
  });
  const all = [...environment, ...(await Promise.all(values))].map(
    async ({ name = "", value = "" }) => [name, await servers.onThisMachine(of, value)] as const,
  );
  return Object.fromEntries(await Promise.all(all));
}

/** `SECRET_ARN:json-key:version-stage:version-id`: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html */
function versionOf(valueFrom: string): { readonly SecretId: string; readonly VersionId?: string | undefined } {
  const parts = valueFrom.split(":");
  const [_key, _stage, VersionId] = parts.slice(arnParts);
  return { SecretId: parts.slice(0, arnParts).join(":"), VersionId };
}

/** The stream that the driver `awslogs` writes to: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html */
async function openLog(
  of: Aws,
  { name = "", logConfiguration }: ContainerDefinition,
  id: string,
): Promise<{ readonly write: (line: string) => void; readonly close: () => Promise<void> }> {
  const { "awslogs-group": logGroupName, "awslogs-stream-prefix": prefix } = logConfiguration?.options ?? {};
  const stream = { logGroupName, logStreamName: `${prefix}/${name}/${id}` };
  const client = of.client(CloudWatchLogsClient);
  await client.send(new CreateLogStreamCommand(stream));
  let written: Promise<unknown> = Promise.resolve();
  const put = async (event: InputLogEvent): Promise<unknown> =>
    await client.send(new PutLogEventsCommand({ ...stream, logEvents: [event] }));
  return {
    write(message) {
      const event = { timestamp: Date.now(), message };
      written = written.then(async () => await put(event));
    },
    close: async () => void (await written),
  };
}
