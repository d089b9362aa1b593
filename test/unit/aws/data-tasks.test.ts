import { beforeAll, describe, expect, it } from "vitest";
import { steps } from "../../../cli/phases/index.ts";
import { baseline, type Topology } from "../../../infra/topology/topology.ts";
import { awsGraph, type GraphResource } from "../../support/aws-graph.ts";

const end = steps.reduce<Topology>((topology, step) => step.apply(topology), baseline);
let before: readonly GraphResource[] = [];
let after: readonly GraphResource[] = [];

beforeAll(async () => {
  before = await awsGraph(baseline);
  after = await awsGraph(end);
}, 60_000);

describe("work on the data", () => {
  it("is in every graph, so that each way back is an update: migrations on, the rest off until its step", () => {
    expect(runsOf(before)).toEqual({
      "shop-tasks-schema": "on",
      "shop-tasks-indexes": "off",
      "shop-tasks-partitions": "off",
      "shop-tasks-archive": "off",
      "shop-outbox": "off",
    });
    expect(new Set(Object.values(runsOf(after)))).toEqual(new Set(["on"]));
  });

  it("runs migrations again with every image, and nothing else", () => {
    const triggers = of(after, "shopctl:aws:TaskRun").map(({ name, props }) => [name, props["trigger"]]);
    expect(triggers.filter(([, trigger]) => trigger !== "")).toEqual([
      ["shop-tasks-schema", `registry.example.test/shop@sha256:${"a".repeat(64)}`],
    ]);
  });

  it("empties the outbox on the way back from the worker, by a task with the mail's credentials", () => {
    for (const graph of [before, after]) {
      const { props } = of(graph, "shopctl:aws:TaskRun").find(({ name }) => name === "shop-outbox")!;
      expect(props).toMatchObject({
        on: [],
        off: [["deliver.js"]],
        place: {
          taskDefinition: "arn:aws:ecs:eu-central-1:123456789012:shop-web",
          securityGroup: "shop-web-id",
          cluster: "arn:aws:ecs:eu-central-1:123456789012:shop",
        },
      });
    }
  });

  it("signs in as the database's owner by a secret, verified by TLS, and shows neither password", () => {
    const text = String(
      of(after, "aws:ecs/taskDefinition:TaskDefinition").find(({ name }) => name === "shop-tasks")?.props[
        "containerDefinitions"
      ],
    );
    expect(text).toContain('"name":"PGUSER","value":"shop_admin"');
    expect(text).toContain('"name":"PGPASSWORD","valueFrom":"arn:aws:secretsmanager:');
    expect(text).toContain("postgres://shop-database.rds.test:5432/shop?sslmode=verify-full");
    expect(text).not.toMatch(/secret-of/);
  });

  it("comes every night once its step is done, with no right but to start that task", () => {
    expect(of(before, "aws:scheduler/schedule:Schedule")).toEqual([]);
    const schedules = of(after, "aws:scheduler/schedule:Schedule");
    expect(Object.fromEntries(schedules.map(({ name, props }) => [name, props["scheduleExpression"]]))).toEqual({
      "shop-tasks-archiving": "cron(0 4 * * ? *)",
      "shop-tasks-months": "cron(0 5 * * ? *)",
    });
    const policies = of(after, "aws:iam/rolePolicy:RolePolicy").filter(({ name }) =>
      /tasks-(archiving|months)/.test(name),
    );
    expect(policies).toHaveLength(2);
    for (const { props } of policies)
      expect(JSON.parse(String(props["policy"]))).toMatchObject({
        Statement: [{ Action: ["ecs:RunTask"] }, { Action: ["iam:PassRole"] }],
      });
  });
});

function of(graph: readonly GraphResource[], type: string): readonly GraphResource[] {
  return graph.filter((resource) => resource.type === type);
}

function runsOf(graph: readonly GraphResource[]): Record<string, unknown> {
  return Object.fromEntries(of(graph, "shopctl:aws:TaskRun").map(({ name, props }) => [name, props["wanted"]]));
}
