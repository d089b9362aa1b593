import { ModifyDBInstanceCommand, RDSClient } from "@aws-sdk/client-rds";
import { afterAll, beforeAll, expect, it } from "vitest";
import { phases, steps } from "../../../cli/phases/index.ts";
import { EmbeddedEngine } from "../../../infra/engine/embedded/embedded-engine.ts";
import type { OperationResult } from "../../../infra/engine/engine.ts";
import { selectEngine } from "../../../infra/engine/select-engine.ts";
import { baseline, type Topology } from "../../../infra/topology/topology.ts";
import { dailyTasks } from "../../../service/contract/daily-tasks.ts";
import {
  databases,
  defaultActions,
  distributions,
  leftBehind,
  oneOffTasks,
  openToEverybody,
  schedules,
  secretValues,
  services,
  stores,
} from "../../support/aws/account.ts";
import { keptTypes } from "../../support/aws/kept-rows.ts";
import { Rehearsal } from "../../support/aws/rehearsal.ts";
import "../../support/aws/rows/index.ts";

/** From the baseline to the end of the road by phases, back, and away, in an account that moto stands for. Each test goes on from the one before. */
let shop: Rehearsal;
const updates: OperationResult[] = [];
let firstDatabase: string | undefined;

beforeAll(async () => {
  shop = await Rehearsal.begin(
    process.env["SHOPCTL_ENGINE"] === "pulumi" ? await selectEngine(process.env) : new EmbeddedEngine(),
  );
  process.stderr.write(`kept by the stand-in itself, for moto has no API: ${[...keptTypes].join(", ")}\n`);
}, 120_000);
afterAll(async () => await shop.end());

it("makes a shop at the baseline", { timeout: 180_000 }, async () => {
  updates.push(await shop.up(baseline));
  expect(await services(shop.aws)).toEqual(["shop-web 1×256/512"]);
  // That it is asked for is what is seen: moto starts no container, and says of each task that it ended with code 0.
  expect(await oneOffTasks(shop.aws)).toEqual(["node migrate.js"]);
  const [database, ...others] = await databases(shop.aws);
  expect(database).toMatchObject({
    DBInstanceClass: "db.t4g.micro",
    MultiAZ: false,
    StorageEncrypted: true,
    PubliclyAccessible: false,
    DeletionProtection: true,
    BackupRetentionPeriod: 1,
  });
  expect(others).toEqual([]);
  firstDatabase = database?.DBInstanceIdentifier;
  expect(await stores(shop.aws)).toEqual([]);
  expect(await distributions(shop.aws)).toEqual([]);
  expect(await openToEverybody(shop.aws)).toEqual([443]);
});

it("takes it to the end of the road, phase by phase", { timeout: 300_000 }, async () => {
  let topology: Topology = baseline;
  for (const phase of phases) {
    for (const step of steps) if (step.phase === phase) topology = step.apply(topology);
    updates.push(await shop.up(topology));
  }
  expect(await services(shop.aws)).toEqual([
    "shop-mail-worker 1×256/512",
    "shop-pooler 2×256/512",
    // Autoscaling, which moto does not do, raises it to its least: `instances`.
    "shop-web 1×2048/4096",
  ]);
  const [database, ...replicas] = (await databases(shop.aws)).toSorted(
    (a, b) =>
      Number(a.ReadReplicaSourceDBInstanceIdentifier !== undefined) -
      Number(b.ReadReplicaSourceDBInstanceIdentifier !== undefined),
  );
  expect(database).toMatchObject({
    DBInstanceIdentifier: firstDatabase,
    DBInstanceClass: "db.t4g.small",
    MultiAZ: topology.instances > 1,
    BackupRetentionPeriod: 7,
  });
  expect(replicas.map(({ ReadReplicaSourceDBInstanceIdentifier: source }) => source)).toEqual(
    Array.from({ length: topology.replicas }, () => firstDatabase),
  );
  expect(await stores(shop.aws)).toEqual(["the shop's cache", "the shop's queue"]);
  expect(await distributions(shop.aws)).toEqual([shop.settings.domain]);
  expect(await defaultActions(shop.aws)).toEqual(["HTTPS 443 fixed-response"]);
  expect(await openToEverybody(shop.aws)).toEqual([]);
  const [first, second, ...together] = await oneOffTasks(shop.aws);
  expect([first, second, ...together.toSorted()]).toEqual([
    "node migrate.js",
    "node indexes.js build",
    `node task.js ${dailyTasks.join(" ")} --batch-size 5000`,
    "node task.js partition-attempts partition-sessions --batch-size 5000",
  ]);
  expect(await schedules(shop.aws)).toEqual([
    `cron(0 4 * * ? *) node task.js ${dailyTasks.join(" ")} --batch-size 5000`,
    "cron(0 5 * * ? *) node task.js attempt-months",
  ]);
});

it("has its secrets in Secrets Manager, and in the state only encrypted", { timeout: 60_000 }, async () => {
  const values = await secretValues(shop.aws);
  expect(values["shop-secret-database"]).toMatch(/^postgres:\/\/shop:secret-of-the-database-role@/);
  expect(Object.keys(values).toSorted()).toEqual([
    "shop-pooler-password",
    "shop-secret-cache",
    "shop-secret-database",
    "shop-secret-queue",
    "shop-secret-replicas",
    "shop-secret-sendgrid",
    "shop-tasks-owner",
    "shop-tasks-role",
  ]);
  expect(await shop.state()).not.toContain("secret-of");
});

it("says what somebody else changed", { timeout: 120_000 }, async () => {
  expect(await shop.drift()).toEqual([]);
  await shop.aws
    .client(RDSClient)
    .send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: firstDatabase, DeletionProtection: false }));
  expect(await shop.drift()).toMatchObject([
    { operation: "update", name: "shop-database", changedKeys: ["deletionProtection"] },
  ]);
  await shop.aws
    .client(RDSClient)
    .send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: firstDatabase, DeletionProtection: true }));
});

it("takes it back to the baseline, and never replaced the database", { timeout: 180_000 }, async () => {
  updates.push(await shop.up(baseline));
  expect(await services(shop.aws)).toEqual(["shop-web 1×256/512"]);
  const left = await databases(shop.aws);
  expect(left).toMatchObject([
    { DBInstanceIdentifier: firstDatabase, DBInstanceClass: "db.t4g.micro", MultiAZ: false },
  ]);
  expect(await stores(shop.aws)).toEqual([]);
  expect(await distributions(shop.aws)).toEqual([]);
  expect(await schedules(shop.aws)).toEqual([]);
  // Three beside each other, in no order.
  expect((await oneOffTasks(shop.aws)).slice(4).toSorted()).toEqual([
    "node indexes.js drop",
    "node task.js bring-attempts-back --batch-size 5000",
    "node task.js unpartition-sessions unpartition-attempts --batch-size 5000",
  ]);
  const ofDatabases = updates
    .flatMap((update) => update.steps)
    .filter(({ type, name }) => type === "aws:rds/instance:Instance" && name === "shop-database");
  expect(ofDatabases.map(({ operation }) => operation)).toEqual(["create", "update", "update", "update"]);
});

it("does not destroy it by a slip, and leaves nothing but the last snapshot", { timeout: 180_000 }, async () => {
  await expect(shop.destroy()).rejects.toMatchObject({ code: "resource-failed" });
  await shop.retire();
  await shop.destroy();
  expect(await leftBehind(shop.aws)).toEqual({ snapshots: ["shop-database-final-<moment>"] });
});
