import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { redisNodeType } from "../sizes.ts";
import { closedGroup } from "./data-gate.ts";
import type { Network } from "./network.ts";

export interface RedisStoreArgs {
  readonly network: Network;
  /** `cache` throws the least used away when it is full; `queue` refuses instead, and keeps a day of snapshots. */
  readonly use: "cache" | "queue";
  readonly password: pulumi.Input<string>;
  /** Two nodes in two zones, of which one takes over. */
  readonly standby: boolean;
}

export const redisPort = 6379;

/** ElastiCache with TLS and a password. The cache and the queue are two of these: what one does when full would ruin the other. */
export class RedisStore extends pulumi.ComponentResource {
  /** rediss:// URL with the password. Secret. */
  readonly url: pulumi.Output<string>;
  readonly group: aws.ec2.SecurityGroup;
  /** Id of the replication group. */
  readonly id: pulumi.Output<string>;

  constructor(
    name: string,
    { network, use, password, standby }: RedisStoreArgs,
    options: pulumi.ComponentResourceOptions,
  ) {
    super("shopctl:aws:RedisStore", name, {}, options);
    const inside = { parent: this };
    this.group = closedGroup(name, { vpcId: network.vpc.id, description: `the shop's ${use}` }, inside);
    const subnets = new aws.elasticache.SubnetGroup(name, { subnetIds: [...network.dataSubnetIds] }, inside);
    const parameters = new aws.elasticache.ParameterGroup(
      name,
      {
        family: "valkey8",
        parameters: [{ name: "maxmemory-policy", value: use === "cache" ? "allkeys-lru" : "noeviction" }],
      },
      inside,
    );
    const authToken = pulumi.secret(pulumi.output(password).apply(tokenOf));
    const store = new aws.elasticache.ReplicationGroup(
      name,
      {
        description: `the shop's ${use}`,
        engine: "valkey",
        engineVersion: "8.0",
        nodeType: redisNodeType,
        numCacheClusters: standby ? 2 : 1,
        automaticFailoverEnabled: standby,
        multiAzEnabled: standby,
        port: redisPort,
        subnetGroupName: subnets.name,
        securityGroupIds: [this.group.id],
        parameterGroupName: parameters.name,
        transitEncryptionEnabled: true,
        atRestEncryptionEnabled: true,
        authToken,
        snapshotRetentionLimit: use === "queue" ? 1 : 0,
        applyImmediately: true,
      },
      inside,
    );
    this.id = store.id;
    this.url = pulumi.secret(pulumi.interpolate`rediss://:${authToken}@${store.primaryEndpointAddress}:${redisPort}/0`);
    this.registerOutputs();
  }
}

/**
 * ElastiCache takes letters, digits and few signs, and none of those that secrets of this project may have, as `_`.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html
 */
function tokenOf(password: string): string {
  return createHash("sha256").update(password).digest("hex");
}
