import { expect, test } from "vitest";
import { changedKeys } from "../../../infra/local/provider/changed-keys.ts";
import { containsUnknown, openEnvelopes } from "../../../infra/local/provider/secret-envelopes.ts";
import { localProvider } from "../../../infra/local/provider/provider.ts";
import { resourceHandlers } from "../../../infra/local/provider/resources/index.ts";

const secret = (value: unknown): object => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

test("secret envelopes are opened at any depth", () => {
  expect(openEnvelopes({ a: secret("x"), b: [secret({ c: secret(1) })] })).toEqual({ a: "x", b: [{ c: 1 }] });
});

test("an unknown value is seen at any depth, inside secrets too", () => {
  expect(containsUnknown({ a: [{ b: secret(unknown) }] })).toBe(true);
  expect(containsUnknown({ a: "something else" })).toBe(false);
});

test("changed keys are those whose plain value differs or is not known; outputs beside them do not count", () => {
  const state = { port: 1, password: secret("x"), servers: [{ name: "a" }], url: "an output" };
  expect(changedKeys(state, { port: 1, password: "x", servers: [{ name: "a" }] }, [])).toEqual([]);
  expect(changedKeys(state, { port: 2, password: secret("y"), servers: unknown }, ["port"])).toEqual([
    "password",
    "servers",
  ]);
});

test.each([
  [
    "ServiceInstance",
    { slot: 1, variables: { A: "1" } },
    { slot: 1, variables: { A: "2" } },
    { changes: true, replaces: ["variables"] },
  ],
  ["ServiceInstance", { stopTimeoutMs: 1 }, { stopTimeoutMs: 2 }, { changes: false, replaces: [] }],
  ["PostgresServer", { cpu: 0.5 }, { cpu: 1 }, { changes: true, replaces: [] }],
  ["Release", { hash: "a", node: "/old" }, { hash: "a", node: "/new" }, { changes: false, replaces: [] }],
  ["Release", { hash: "a" }, { hash: "b" }, { changes: true, replaces: ["hash"] }],
  ["Router", { servers: [1] }, { servers: [2] }, { changes: true, replaces: [] }],
  [
    "Schema",
    { releaseFolder: "a", migrationsHash: "x" },
    { releaseFolder: "b", migrationsHash: "x" },
    { changes: false, replaces: [] },
  ],
])("the diff of %s from %j to %j is %j", async (type, olds, news, expected) => {
  expect(
    await localProvider.diff("id", `urn:pulumi:s::shopctl::a$shopctl:local:${type}::it`, olds, news),
  ).toMatchObject(expected);
});

test("wrong inputs are refused by property, unless a preview does not know them yet", async () => {
  const urn = "urn:pulumi:s::shopctl::shopctl:local:Release::it";
  const { failures } = await localProvider.check(
    urn,
    {},
    { releases: "/r", source: "/s", hash: "zz", node: "/n", extra: 1 },
  );
  expect(failures?.map((failure) => failure.property)).toEqual(["hash", ""]);
  expect((await localProvider.check(urn, {}, { hash: unknown })).failures).toEqual([]);
});

test("every resource type of the design is there", () => {
  const types = [
    "Alertmanager",
    "Archive",
    "BackupSchedule",
    "Cdn",
    "CdnControl",
    "CdnPurge",
    "Exporter",
    "FaultSink",
    "GrafanaFiles",
    "Indexes",
    "MailSink",
    "MailWorker",
    "Partitions",
    "PgBouncer",
    "PostgresReplica",
    "PostgresServer",
    "Prometheus",
    "Queries",
    "QueueRedis",
    "Redis",
    "Release",
    "Replication",
    "ReplicationGuard",
    "Router",
    "Schema",
    "ServiceInstance",
    "Supervisor",
    "TaskSchedule",
  ];
  expect(Object.keys(resourceHandlers).toSorted()).toEqual([
    "shopctl:aws:Settling",
    "shopctl:aws:TaskRun",
    ...types.map((type) => `shopctl:local:${type}`),
  ]);
});
