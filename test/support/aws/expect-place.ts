import { expect } from "vitest";
import type { Topology } from "../../../infra/topology/topology.ts";
import { dailyTasks } from "../../../service/contract/daily-tasks.ts";
import { awsSettings } from "../aws-graph.ts";
import type { Aws } from "./aws-access.ts";
import {
  databases,
  defaultActions,
  distributions,
  oneOffTasks,
  openToEverybody,
  schedules,
  services,
  stores,
} from "./account.ts";

/** That the account has a shop at the baseline and nothing of later steps; returns its one database. */
export async function expectBaseline(aws: Aws): Promise<string | undefined> {
  expect(await services(aws)).toEqual(["shop-web 1×256/512"]);
  const [database, ...others] = await databases(aws);
  expect(database).toMatchObject({
    DBInstanceClass: "db.t4g.micro",
    MultiAZ: false,
    StorageEncrypted: true,
    PubliclyAccessible: false,
    DeletionProtection: true,
    BackupRetentionPeriod: 1,
  });
  expect(others).toEqual([]);
  expect(await stores(aws)).toEqual([]);
  expect(await distributions(aws)).toEqual([]);
  expect(await schedules(aws)).toEqual([]);
  expect(await openToEverybody(aws)).toEqual([443]);
  return database?.DBInstanceIdentifier;
}

/** That the account has a shop at the end of the road, on the database that it began with. */
export async function expectEndOfRoad(aws: Aws, topology: Topology, firstDatabase: string | undefined): Promise<void> {
  expect(await services(aws)).toEqual([
    "shop-mail-worker 1×256/512",
    "shop-pooler 2×256/512",
    // By autoscaling's least.
    `shop-web ${topology.instances}×2048/4096`,
  ]);
  const all = await databases(aws);
  const database = all.find(({ ReadReplicaSourceDBInstanceIdentifier: source }) => source === undefined);
  expect(database).toMatchObject({
    DBInstanceIdentifier: firstDatabase,
    DBInstanceClass: "db.t4g.small",
    MultiAZ: topology.instances > 1,
    BackupRetentionPeriod: 7,
  });
  const replicas = all.filter((each) => each !== database);
  expect(replicas.map(({ ReadReplicaSourceDBInstanceIdentifier: source }) => source)).toEqual(
    Array.from({ length: topology.replicas }, () => firstDatabase),
  );
  expect(await stores(aws)).toEqual(["the shop's cache", "the shop's queue"]);
  expect(await distributions(aws)).toEqual([awsSettings.domain]);
  expect(await defaultActions(aws)).toEqual(["HTTPS 443 fixed-response"]);
  expect(await openToEverybody(aws)).toEqual([]);
  expect(await schedules(aws)).toEqual([
    `cron(0 4 * * ? *) node task.js ${dailyTasks.join(" ")} --batch-size 5000`,
    "cron(0 5 * * ? *) node task.js attempt-months",
  ]);
}

/** What one-off tasks were asked to do with the data, in order; its facts and its mails are asked for beside. */
export async function dataTasks(aws: Aws): Promise<readonly string[]> {
  return (await oneOffTasks(aws)).filter((command) => !/^node (facts|mails)\.js/.test(command));
}
