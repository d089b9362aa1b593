import { describe, expect, it } from "vitest";
import { refuseCachePolicy, refuseDistribution } from "../../support/aws/refusals/cloudfront.ts";
import { refuseReplicationGroup } from "../../support/aws/refusals/elasticache.ts";
import { refuseTargetGroup } from "../../support/aws/refusals/elbv2.ts";
import { refuseFargateTask } from "../../support/aws/refusals/fargate.ts";
import { refuseLogGroup } from "../../support/aws/refusals/logs.ts";
import { goesByBlueGreen, refuseBlueGreen, refuseInstance, refuseReplicaOf } from "../../support/aws/refusals/rds.ts";
import { refuseWebAcl } from "../../support/aws/refusals/wafv2.ts";
import type { Refusal } from "../../support/aws/refusal.ts";

const task = { networkMode: "awsvpc", cpu: "256", memory: "512" };
const redis = { engine: "valkey", engineVersion: "8.0", nodeType: "cache.t4g.micro", transitEncryptionEnabled: true };
const behaviour = { targetOriginId: "shop", allowedMethods: ["GET", "HEAD", "OPTIONS"] };
const everything = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"];
const distribution = {
  aliases: ["shop.example.test"],
  viewerCertificate: { acmCertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1" },
  origins: [{ originId: "shop" }, { originId: "files" }],
  originGroups: [{ originId: "both", members: [{ originId: "files" }, { originId: "shop" }] }],
  defaultCacheBehavior: behaviour,
};

describe("the stand-in refuses what AWS refuses", () => {
  it.each<[what: string, refused: readonly Refusal[], property: string]>([
    ["a Fargate size with too much memory", refuseFargateTask({ ...task, memory: "4096" }), "cpu"],
    ["a Fargate size that does not exist", refuseFargateTask({ ...task, cpu: "300" }), "cpu"],
    ["the seed's starter tier", refuseFargateTask({ ...task, cpu: "512" }), "cpu"],
    ["bridged networks on Fargate", refuseFargateTask({ ...task, networkMode: "bridge" }), "networkMode"],
    [
      "a container that stops for three minutes",
      refuseFargateTask({ ...task, containerDefinitions: '[{"stopTimeout":180}]' }),
      "containerDefinitions",
    ],
    ["an identifier with two hyphens", refuseInstance({ identifier: "shop--database" }), "identifier"],
    ["an identifier that begins with a digit", refuseInstance({ identifier: "1shop" }), "identifier"],
    ["a class that does not exist", refuseInstance({ instanceClass: "db.t4g.nano" }), "instanceClass"],
    ["an old version", refuseInstance({ engine: "postgres", engineVersion: "9.6" }), "engineVersion"],
    ["too little gp3 storage", refuseInstance({ storageType: "gp3", allocatedStorage: 5 }), "allocatedStorage"],
    ["a reserved user", refuseInstance({ username: "rdsadmin" }), "username"],
    ["a password with a slash", refuseInstance({ password: "eight/and-more" }), "password"],
    ["two passwords", refuseInstance({ password: "long-enough", manageMasterUserPassword: true }), "password"],
    [
      "blue/green without backups",
      refuseInstance({ blueGreenUpdate: { enabled: true }, backupRetentionPeriod: 0 }),
      "backupRetentionPeriod",
    ],
    ["an underscore in a token", refuseReplicationGroup({ ...redis, authToken: "sixteen_characters" }), "authToken"],
    ["a short token", refuseReplicationGroup({ ...redis, authToken: "short" }), "authToken"],
    [
      "a token without TLS",
      refuseReplicationGroup({ ...redis, authToken: "sixteen-characters", transitEncryptionEnabled: false }),
      "authToken",
    ],
    [
      "failover of one node",
      refuseReplicationGroup({ ...redis, numCacheClusters: 1, automaticFailoverEnabled: true }),
      "automaticFailoverEnabled",
    ],
    ["zones without failover", refuseReplicationGroup({ ...redis, multiAzEnabled: true }), "multiAzEnabled"],
    ["an unknown version of valkey", refuseReplicationGroup({ ...redis, engineVersion: "6.0" }), "engineVersion"],
    ["an unknown node type", refuseReplicationGroup({ ...redis, nodeType: "cache.t4g.nano" }), "nodeType"],
    ["an id with a capital", refuseReplicationGroup({ ...redis, replicationGroupId: "Shop" }), "replicationGroupId"],
    ["a slow health check", refuseTargetGroup({ healthCheck: { interval: 301, timeout: 2 } }), "healthCheck"],
    [
      "a timeout as long as its interval",
      refuseTargetGroup({ healthCheck: { interval: 5, timeout: 5 } }),
      "healthCheck",
    ],
    ["a failure at the eleventh try", refuseTargetGroup({ healthCheck: { unhealthyThreshold: 11 } }), "healthCheck"],
    ["two hours of draining", refuseTargetGroup({ deregistrationDelay: 7_200 }), "deregistrationDelay"],
    ["31 days of logs", refuseLogGroup({ retentionInDays: 31 }), "retentionInDays"],
    ["CloudFront's firewall elsewhere", refuseWebAcl({ scope: "CLOUDFRONT", region: "eu-central-1" }), "scope"],
    [
      "a rate that is none",
      refuseWebAcl({ rules: [{ statement: { rateBasedStatement: { limit: 5, evaluationWindowSec: 60 } } }] }),
      "rules",
    ],
    ["times out of order", refuseCachePolicy({ minTtl: 60, defaultTtl: 0, maxTtl: 100 }), "defaultTtl"],
    [
      "compression of what is not kept",
      refuseCachePolicy({
        minTtl: 0,
        defaultTtl: 0,
        maxTtl: 0,
        parametersInCacheKeyAndForwardedToOrigin: { enableAcceptEncodingGzip: true },
      }),
      "parametersInCacheKeyAndForwardedToOrigin",
    ],
    [
      "a certificate of another region",
      refuseDistribution({
        ...distribution,
        viewerCertificate: { acmCertificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/1" },
      }),
      "viewerCertificate",
    ],
    ["a name without a certificate", refuseDistribution({ ...distribution, viewerCertificate: {} }), "aliases"],
    [
      "a firewall of another region",
      refuseDistribution({ ...distribution, webAclId: "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/a/1" }),
      "webAclId",
    ],
    [
      "an origin that is not there",
      refuseDistribution({ ...distribution, defaultCacheBehavior: { ...behaviour, targetOriginId: "else" } }),
      "targetOriginId",
    ],
    [
      "writes to a group of origins",
      refuseDistribution({
        ...distribution,
        defaultCacheBehavior: { targetOriginId: "both", allowedMethods: everything },
      }),
      "allowedMethods",
    ],
    [
      "a selection of methods",
      refuseDistribution({ ...distribution, defaultCacheBehavior: { ...behaviour, allowedMethods: ["GET", "POST"] } }),
      "allowedMethods",
    ],
  ])("%s", (_what, refused, property) => {
    expect(refused.map((each) => each.property)).toEqual([property]);
    expect(refused[0]?.page).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/\S+$/);
  });

  it("a replica of, and blue/green for, a database that cannot have them", () => {
    const managed = { DBInstanceIdentifier: "shop", BackupRetentionPeriod: 1, MasterUserSecret: {} };
    expect(() => refuseReplicaOf(managed)).toThrow(/Secrets Manager .*rds-secrets-manager/);
    expect(() => refuseBlueGreen(managed)).toThrow(/Secrets Manager .*blue-green-deployments-considerations/);
    expect(() => refuseBlueGreen({ ReadReplicaDBInstanceIdentifiers: ["shop-replica"] })).toThrow(/has replicas/);
    expect(() => refuseReplicaOf({ BackupRetentionPeriod: 0 })).toThrow(/no automated backups/);
    expect(refuseReplicaOf({ BackupRetentionPeriod: 1 })).toBeUndefined();
  });
});

it("the stand-in goes by blue/green where the provider does: for any change but what RDS makes at once", () => {
  const shop = { multiAz: false, deletionProtection: true, blueGreenUpdate: { enabled: true } };
  const found = { ...shop, arn: "arn:aws:rds:eu-central-1:123456789012:db:shop" };
  const changed = [
    {},
    { deletionProtection: false },
    { multiAz: true },
    { multiAz: true, blueGreenUpdate: { enabled: false } },
  ];
  expect(changed.map((each) => goesByBlueGreen({ ...shop, ...each }, found))).toEqual([false, false, true, false]);
  expect(goesByBlueGreen(shop, { ...found, blueGreenUpdate: { enabled: false } })).toBe(false);
});

describe("the stand-in lets pass", () => {
  it("what AWS takes", () => {
    expect([
      ...refuseFargateTask({ ...task, cpu: "2048", memory: "4096", containerDefinitions: '[{"stopTimeout":120}]' }),
      ...refuseInstance({ identifier: "shop-database-0a1b2c3", engine: "postgres", engineVersion: "15" }),
      ...refuseReplicationGroup({ ...redis, authToken: "sixteen-characters", numCacheClusters: 1 }),
      ...refuseTargetGroup({ healthCheck: { interval: 5, timeout: 2, healthyThreshold: 2 }, deregistrationDelay: 30 }),
      ...refuseLogGroup({ retentionInDays: 30 }),
      ...refuseWebAcl({ scope: "CLOUDFRONT", region: "us-east-1" }),
      ...refuseCachePolicy({ minTtl: 0, defaultTtl: 0, maxTtl: 86_400 }),
      ...refuseDistribution(distribution),
    ]).toEqual([]);
  });
});
