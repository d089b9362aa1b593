import { ModifyDBInstanceCommand, RDSClient } from "@aws-sdk/client-rds";
import { afterAll, beforeAll, expect, it } from "vitest";
import { phases, steps } from "../../../cli/phases/index.ts";
import { EmbeddedEngine } from "../../../infra/engine/embedded/embedded-engine.ts";
import type { OperationResult } from "../../../infra/engine/engine.ts";
import { runTask } from "../../../infra/aws/tasks/run-task.ts";
import { selectEngine } from "../../../infra/engine/select-engine.ts";
import { baseline, type Topology } from "../../../infra/topology/topology.ts";
import { dailyTasks } from "../../../service/contract/daily-tasks.ts";
import { distributions, leftBehind, openToEverybody, secretValues } from "../../support/aws/account.ts";
import { dataTasks, expectBaseline, expectEndOfRoad } from "../../support/aws/expect-place.ts";
import { keptTypes } from "../../support/aws/kept-rows.ts";
import { awsSettings } from "../../support/aws-graph.ts";
import { OperationOrder } from "../../support/aws/operation-order.ts";
import { forgetMails, giveUpMail, mailStates } from "../../support/aws/outbox.ts";
import { Rehearsal } from "../../support/aws/rehearsal.ts";
import "../../support/aws/rows/index.ts";

/**
 * From nothing to the end of the road, back, and away, in an account that moto stands for: by the commands, and where each
 * of sixteen steps would take its time, by whole phases (test/rehearsal has the steps). Each test goes on from the one before.
 */
let shop: Rehearsal;
const updates: { readonly result: OperationResult; readonly order: OperationOrder }[] = [];
let firstDatabase: string | undefined;

beforeAll(async () => {
  shop = await Rehearsal.begin(
    process.env["SHOPCTL_ENGINE"] === "pulumi" ? await selectEngine(process.env) : new EmbeddedEngine(),
  );
  process.stderr.write(`kept by the stand-in itself, for moto has no API: ${[...keptTypes].join(", ")}\n`);
}, 120_000);
afterAll(async () => await shop.end());

it("env create makes a shop at the baseline", { timeout: 180_000 }, async () => {
  const created = await shop.create();
  expect(created, created.stderr).toMatchObject({ exit: 0, json: { environment: "shop", release: "aaaaaaaaaaaa" } });
  firstDatabase = await expectBaseline(shop.aws);
  expect(await dataTasks(shop.aws)).toEqual(["node migrate.js"]);
});

it("says of a task that failed that it did, and what its program said", { timeout: 60_000 }, async () => {
  await expect(runTask(await shop.taskPlace(), ["task.js", "no-such-task"])).rejects.toThrow(
    /task task\.js no-such-task ended with exit code 2\nusage: SHOP_TASK_URL/,
  );
});

it(
  "scale apply brings the CDN, proven and watched, and scale rollback takes it back",
  { timeout: 300_000 },
  async () => {
    const way = ["--env", "shop", "--window", "2", "--yes"];
    const kept = [{ step: "cdn", state: "done", gate: { outcome: "passed" } }];
    const applied = await shop.shopctl("scale", "apply", "--step", "cdn", ...way);
    expect(applied, applied.stderr).toMatchObject({ exit: 0, json: { steps: kept } });
    expect(await distributions(shop.aws)).toEqual([awsSettings.domain]);
    expect(await openToEverybody(shop.aws)).toEqual([]);
    const back = await shop.shopctl("scale", "rollback", "--last", ...way);
    expect(back, back.stderr).toMatchObject({ exit: 0, json: { steps: kept } });
    expect(await distributions(shop.aws)).toEqual([]);
    expect(await openToEverybody(shop.aws)).toEqual([443]);
  },
);

it("goes to the end of the road, phase by phase", { timeout: 300_000 }, async () => {
  for (const phase of phases) await update(endOf(phase));
  await expectEndOfRoad(shop.aws, endOf(3), firstDatabase);
  const [first, failed, second, ...together] = await dataTasks(shop.aws);
  expect([first, failed, second, ...together.toSorted()]).toEqual([
    "node migrate.js",
    "node task.js no-such-task",
    "node indexes.js build",
    `node task.js ${dailyTasks.join(" ")} --batch-size 5000`,
    "node task.js partition-attempts partition-sessions --batch-size 5000",
  ]);
});

it("mail failed, retry and quota ask the database by tasks", { timeout: 180_000 }, async () => {
  await giveUpMail("order:1");
  await giveUpMail("order:2");
  const listed = await shop.shopctl("mail", "failed", "--env", "shop");
  expect(listed, listed.stderr).toMatchObject({ exit: 0, json: { schema: "shopctl.mail.failed/1" } });
  const mails = listed.json["mails"] as { id: string; event: string; domain: string; error: string }[];
  expect(mails.map(({ event }) => event).toSorted()).toEqual(["order:1", "order:2"]);
  expect(mails[0]).toMatchObject({ domain: "example.test", error: "550" });
  expect(listed.stdout).not.toContain("customer@");
  const first = mails.find(({ event }) => event === "order:1")?.id ?? "";
  const retried = await shop.shopctl("mail", "retry", first, "--env", "shop");
  // The worker, which moto does not run, delivers it.
  expect(retried, retried.stderr).toMatchObject({ exit: 0, json: { retried: [first] } });
  expect(retried.json).not.toHaveProperty("delivery");
  expect(await mailStates()).toEqual({ "order:1": "waiting", "order:2": "failed" });
  const unknown = await shop.shopctl("mail", "retry", first, "--env", "shop");
  expect(unknown.exit).toBe(23);
  expect(unknown.stdout).toContain(`no failed mail ${first}`);
  const said = await shop.shopctl("mail", "quota", "--per-day", "7000", "--env", "shop");
  expect(said.json).toMatchObject({ transport: "sendgrid", perDay: 7_000, basis: "operator" });
  await forgetMails();
});

it("has its secrets in Secrets Manager, and in the state only encrypted", { timeout: 60_000 }, async () => {
  const values = await secretValues(shop.aws);
  expect(values["shop-secret-database"]).toMatch(/^postgres:\/\/shop:.{24,}@/);
  expect(Object.keys(values).toSorted()).toEqual([
    "shop-pooler-password",
    "shop-secret-cache",
    "shop-secret-database",
    "shop-secret-queue",
    "shop-secret-replicas",
    "shop-secret-sendgrid",
    "shop-secret-sentry",
    "shop-tasks-owner",
    "shop-tasks-role",
  ]);
  const state = await shop.state();
  for (const value of Object.values(values)) expect(state.includes(value)).toBe(false);
});

it("drift says what somebody else changed", { timeout: 120_000 }, async () => {
  expect((await shop.shopctl("drift", "--env", "shop")).json).toMatchObject({ verdict: "none", differences: [] });
  const protect = async (DeletionProtection: boolean): Promise<unknown> =>
    await shop.aws
      .client(RDSClient)
      .send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: firstDatabase, DeletionProtection }));
  await protect(false);
  expect((await shop.shopctl("drift", "--env", "shop")).json["differences"]).toMatchObject([
    { resource: "shop-database", what: "deletionProtection" },
  ]);
  await protect(true);
});

it("goes back to the baseline, and never replaced the database", { timeout: 180_000 }, async () => {
  // As the commands do: replicas are gone before the database has another class.
  await update({ ...endOf(3), replicas: 0 });
  await update(baseline);
  expect(await expectBaseline(shop.aws)).toBe(firstDatabase);
  // Beside each other, in no order.
  expect((await dataTasks(shop.aws)).slice(5).toSorted()).toEqual([
    "node deliver.js",
    "node indexes.js drop",
    "node task.js bring-attempts-back --batch-size 5000",
    "node task.js unpartition-sessions unpartition-attempts --batch-size 5000",
  ]);
  const ofDatabase = updates
    .flatMap(({ result }) => result.steps)
    .filter(({ type, name }) => type === "aws:rds/instance:Instance" && name === "shop-database");
  expect(ofDatabase.map(({ operation }) => operation)).toEqual(["update", "update", "update", "update"]);
});

it("without a worker mail retry sends what is left by a task such as web's", { timeout: 120_000 }, async () => {
  const retried = await shop.shopctl("mail", "retry", "--all", "--env", "shop");
  expect(retried, retried.stderr).toMatchObject({ exit: 0, json: { retried: [], delivery: { sent: 0, failed: 0 } } });
  const quota = await shop.shopctl("mail", "quota", "--env", "shop");
  expect(quota.json).toMatchObject({ transport: "ses", perDay: 50_000, basis: "plan" });
});

const shoppersName = "update route53.Record shop-entrance-shop.example.test";
const settling = "update aws.Settling shop-entrance";
const distribution = "cloudfront.Distribution shop-entrance-edge";
const opening = (what: "create" | "delete", whose: "cdn" | "everybody"): string[] => [
  `${what} lb.ListenerRule shop-entrance-${whose}`,
  `${what} vpc.SecurityGroupIngressRule shop-entrance-${whose}`,
];

it("moved the name when CloudFront served, and closed the load balancer when nobody had its address any more", () => {
  const { order } = updates[1]!;
  const closed = [...opening("delete", "everybody"), "delete wafv2.WebAclAssociation shop-entrance"];
  order.expect(opening("create", "cdn"), `create ${distribution}`, shoppersName, settling, closed);
});

it("opened the load balancer before the name went back, and took CloudFront away when nobody had its address any more", () => {
  const { order } = updates.at(-1)!;
  const open = [...opening("create", "everybody"), "create wafv2.WebAclAssociation shop-entrance"];
  const behind = ["delete s3.BucketPolicy shop-entrance-edge-files", "delete wafv2.WebAcl shop-entrance-edge-firewall"];
  order.expect(open, shoppersName, settling, `delete ${distribution}`, [...opening("delete", "cdn"), ...behind]);
});

const worker = "ecs.Service shop-mail-worker";
const outbox = "update aws.TaskRun shop-outbox";

it("had a worker before a request left mail to it, and kept it until none did and the outbox was empty", () => {
  updates[1]!.order.expect(`create ${worker}`, "update ecs.Service shop-web");
  updates.at(-1)!.order.expect("update ecs.Service shop-web", outbox, `delete ${worker}`);
});

it("never touched the load balancer or its listener", () => {
  const lines = updates.flatMap(({ order }) => order.lines);
  expect(lines.filter((line) => / lb\.(LoadBalancer|Listener|TargetGroup) /.test(line))).toEqual([]);
});

it("is not destroyed by a slip; env destroy leaves nothing but the last snapshot", { timeout: 180_000 }, async () => {
  await expect(shop.destroyUnprepared()).rejects.toMatchObject({ code: "resource-failed" });
  const destroyed = await shop.shopctl("env", "destroy", "shop", "--confirm", "shop");
  expect(destroyed.exit, destroyed.stderr).toBe(0);
  expect(await leftBehind(shop.aws)).toEqual({ snapshots: ["shop-database-final-<moment>"] });
});

/** What the steps of the phases up to this one make of the baseline. */
function endOf(phase: number): Topology {
  return steps.filter((step) => step.phase <= phase).reduce((topology, step) => step.apply(topology), baseline);
}

/** Brings the shop to a topology by one update. */
async function update(topology: Topology): Promise<void> {
  const order = new OperationOrder();
  updates.push({ result: await shop.up(topology, order.record), order });
}
