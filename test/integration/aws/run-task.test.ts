import { spawnSync } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { AwsHandles } from "../../../infra/aws/handles.ts";
import { FactsReader } from "../../../infra/aws/observation/observe-facts.ts";
import { runOrFollowTask, runTask } from "../../../infra/aws/tasks/run-task.ts";

/** An ECS and a CloudWatch Logs as far as a one-off task needs them: programs really run, of this build, on this machine. */
const release = join(import.meta.dirname, "..", "..", "..", "dist", "service");
const place = {
  region: "eu-central-1",
  cluster: "arn:aws:ecs:eu-central-1:1:cluster/shop",
  taskDefinition: "arn:aws:ecs:eu-central-1:1:task-definition/shop-tasks:1",
  subnets: ["subnet-1"],
  securityGroup: "sg-1",
  logGroup: "shop",
};
const arn = "arn:aws:ecs:eu-central-1:1:task/shop/0123456789abcdef";
let refusal: string | undefined;
let ended: { code: number; lines: readonly string[] } = { code: 0, lines: [] };
const asked: Record<string, unknown>[] = [];
/** Command of a task that ECS has at work. */
let atWork: readonly string[] = [];

const operations: Record<string, (input: Record<string, unknown>) => object> = {
  RunTask(input) {
    asked.push(input);
    if (refusal !== undefined) return { tasks: [], failures: [{ reason: refusal }] };
    const { containerOverrides: [override] = [] } = input["overrides"] as {
      containerOverrides?: { command: string[] }[];
    };
    const [, ...args] = override?.command ?? [];
    const run = spawnSync(process.execPath, args, { cwd: release, env: {}, encoding: "utf8", timeout: 20_000 });
    ended = { code: run.status ?? 1, lines: `${run.stdout}${run.stderr}`.trim().split("\n") };
    return { tasks: [{ taskArn: arn, lastStatus: "PROVISIONING" }], failures: [] };
  },
  ListTasks: () => ({ taskArns: atWork.length === 0 ? [] : [arn] }),
  DescribeTasks: () => ({
    tasks: [
      {
        taskArn: arn,
        taskDefinitionArn: place.taskDefinition,
        lastStatus: "STOPPED",
        containers: [{ name: "shop", exitCode: ended.code }],
        overrides: { containerOverrides: [{ name: "shop", command: atWork }] },
      },
    ],
  }),
  GetLogEvents: ({ nextToken, logStreamName }) => ({
    events:
      nextToken === undefined && logStreamName === "shop/shop/0123456789abcdef"
        ? ended.lines.map((message, at) => ({ timestamp: at, message }))
        : [],
    nextForwardToken: "f/1",
  }),
};
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const operation = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
    const answer = operations[operation]?.(JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>);
    response.writeHead(answer === undefined ? 400 : 200, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify(answer ?? { __type: "UnknownOperationException" }));
  });
});

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "nobody");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "nothing");
});
afterAll(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

it("runs a program of the image inside the network and gives its lines", async () => {
  const told: string[] = [];
  const { lines } = await runTask(place, ["-e", "console.log('moved 3 rows')"], (line) => told.push(line));
  expect(lines).toEqual(["moved 3 rows"]);
  expect(told).toEqual(lines);
  expect(asked.at(-1)).toMatchObject({
    launchType: "FARGATE",
    networkConfiguration: { awsvpcConfiguration: { assignPublicIp: "DISABLED", subnets: ["subnet-1"] } },
    overrides: { containerOverrides: [{ name: "shop", command: ["node", "-e", "console.log('moved 3 rows')"] }] },
  });
}, 30_000);

it("fails with the program's exit code and its last words", async () => {
  await expect(runTask(place, ["facts.js"])).rejects.toThrow(
    /task facts\.js ended with exit code 2\nusage: SHOP_FACTS_URL=postgres/,
  );
}, 30_000);

it("follows the task that a killed run has left at work, and starts one where another program runs", async () => {
  const program = ["-e", "console.log('another')"];
  const began = asked.length;
  [atWork, ended] = [["node", ...program], { code: 0, lines: ["moved 2 rows"] }];
  expect((await runOrFollowTask(place, program, () => undefined)).lines).toEqual(["moved 2 rows"]);
  expect(asked).toHaveLength(began);
  atWork = ["node", "facts.js"];
  expect((await runOrFollowTask(place, program, () => undefined)).lines).toEqual(["another"]);
  expect(asked).toHaveLength(began + 1);
}, 30_000);

it("asks for the facts again after a time that they were not told", async () => {
  const [reader, began] = [new FactsReader(), asked.length];
  const handles = { tasks: place } as AwsHandles;
  for (const times of [1, 2]) {
    expect(await reader.read(handles, {})).toBeUndefined();
    expect(asked).toHaveLength(began + times);
  }
}, 60_000);

it("fails when ECS does not start it, with ECS' reason", async () => {
  refusal = "RESOURCE:FARGATE";
  await expect(runTask(place, ["facts.js"])).rejects.toThrow(/did not start the task facts\.js: RESOURCE:FARGATE/);
});
