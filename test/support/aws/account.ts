import { CloudFrontClient, ListDistributionsCommand } from "@aws-sdk/client-cloudfront";
import {
  DescribeAddressesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeVpcsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListClustersCommand,
  ListServicesCommand,
  ListTasksCommand,
} from "@aws-sdk/client-ecs";
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { DescribeReplicationGroupsCommand, ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { DescribeKeyCommand, KMSClient, ListKeysCommand } from "@aws-sdk/client-kms";
import {
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  RDSClient,
  type DBInstance,
} from "@aws-sdk/client-rds";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { GetScheduleCommand, ListSchedulesCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Aws } from "./aws-access.ts";

/** A service of ECS as an operator looks at it: `name tasks×cpu/memory`. */
export async function services(of: Aws): Promise<readonly string[]> {
  const client = of.client(ECSClient);
  const { clusterArns: [cluster] = [] } = await client.send(new ListClustersCommand());
  if (cluster === undefined) return [];
  const { serviceArns = [] } = await client.send(new ListServicesCommand({ cluster, maxResults: 100 }));
  if (serviceArns.length === 0) return [];
  const { services: found = [] } = await client.send(new DescribeServicesCommand({ cluster, services: serviceArns }));
  // ECS goes on listing those that were deleted for a while.
  const lines = found
    .filter(({ status }) => status === "ACTIVE")
    .map(async ({ serviceName = "", desiredCount, taskDefinition }) => {
      const { taskDefinition: task } = await client.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
      return `${serviceName.replace(/-[0-9a-f]{7}$/, "")} ${desiredCount}×${task?.cpu}/${task?.memory}`;
    });
  return (await Promise.all(lines)).toSorted();
}

/** What one-off tasks were asked to run, in order; moto forgets none. */
export async function oneOffTasks(of: Aws): Promise<readonly string[]> {
  const client = of.client(ECSClient);
  const { clusterArns: [cluster] = [] } = await client.send(new ListClustersCommand());
  const { taskArns = [] } = await client.send(new ListTasksCommand({ cluster, startedBy: "shopctl" }));
  if (taskArns.length === 0) return [];
  const { tasks = [] } = await client.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
  return tasks.map(({ overrides }) => (overrides?.containerOverrides?.[0]?.command ?? []).join(" "));
}

/** What Scheduler starts: `time command`. */
export async function schedules(of: Aws): Promise<readonly string[]> {
  const client = of.client(SchedulerClient);
  const { Schedules = [] } = await client.send(new ListSchedulesCommand());
  const lines = Schedules.map(async ({ Name }) => {
    const { ScheduleExpression, Target } = await client.send(new GetScheduleCommand({ Name }));
    const { containerOverrides: [shop] = [] } = JSON.parse(Target?.Input ?? "{}") as {
      containerOverrides?: { command: string[] }[];
    };
    return `${ScheduleExpression} ${shop?.command.join(" ")}`;
  });
  return (await Promise.all(lines)).toSorted();
}

export async function databases(of: Aws): Promise<readonly DBInstance[]> {
  return (await of.client(RDSClient).send(new DescribeDBInstancesCommand())).DBInstances ?? [];
}

/** Replication groups by their description; moto keeps those that were deleted as ones that are being deleted. */
export async function stores(of: Aws): Promise<readonly string[]> {
  const { ReplicationGroups = [] } = await of.client(ElastiCacheClient).send(new DescribeReplicationGroupsCommand());
  return ReplicationGroups.filter(({ Status }) => Status !== "deleting")
    .map(({ Description = "" }) => Description)
    .toSorted();
}

/** What the listener does with a request that no rule is for. */
export async function defaultActions(of: Aws): Promise<readonly string[]> {
  const client = of.client(ElasticLoadBalancingV2Client);
  const { LoadBalancers: [balancer] = [] } = await client.send(new DescribeLoadBalancersCommand());
  const { Listeners = [] } = await client.send(
    new DescribeListenersCommand({ LoadBalancerArn: balancer?.LoadBalancerArn }),
  );
  return Listeners.map(({ Protocol, Port, DefaultActions = [] }) => `${Protocol} ${Port} ${DefaultActions[0]?.Type}`);
}

/** Ports that security groups open to everybody. */
export async function openToEverybody(of: Aws): Promise<readonly (number | undefined)[]> {
  const { SecurityGroupRules = [] } = await of
    .client(EC2Client)
    .send(new DescribeSecurityGroupRulesCommand({ MaxResults: 1_000 }));
  return SecurityGroupRules.filter(({ IsEgress, CidrIpv4 }) => IsEgress === false && CidrIpv4 === "0.0.0.0/0").map(
    ({ FromPort }) => FromPort,
  );
}

/** Values in Secrets Manager by the name that the program gave. */
export async function secretValues(of: Aws): Promise<Readonly<Record<string, string>>> {
  const client = of.client(SecretsManagerClient);
  const { SecretList = [] } = await client.send(new ListSecretsCommand({ MaxResults: 100 }));
  const values = SecretList.map(async ({ ARN, Name = "" }) => {
    const { SecretString = "" } = await client.send(new GetSecretValueCommand({ SecretId: ARN }));
    return [Name.replace(/-[0-9a-f]{7}$/, ""), SecretString] as const;
  });
  return Object.fromEntries(await Promise.all(values));
}

export async function distributions(of: Aws): Promise<readonly string[]> {
  const { DistributionList } = await of.client(CloudFrontClient).send(new ListDistributionsCommand({}));
  return (DistributionList?.Items ?? []).flatMap(({ Aliases }) => Aliases?.Items ?? []);
}

/** Keys that somebody may use: not those that wait for their deletion. */
async function keysInUse(of: Aws): Promise<readonly string[]> {
  const client = of.client(KMSClient);
  const { Keys = [] } = await client.send(new ListKeysCommand());
  const told = await Promise.all(Keys.map(async ({ KeyId }) => await client.send(new DescribeKeyCommand({ KeyId }))));
  return told.flatMap(({ KeyMetadata: key }) =>
    key?.KeyManager === "CUSTOMER" && key.Enabled === true ? [key.Description ?? ""] : [],
  );
}

/** What costs money or could be got into, by kind; those that AWS has in every account are not counted. */
export async function leftBehind(of: Aws): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const ec2 = of.client(EC2Client);
  const elb = of.client(ElasticLoadBalancingV2Client);
  const found = {
    services: await services(of),
    schedules: await schedules(of),
    databases: await databases(of),
    stores: await stores(of),
    distributions: await distributions(of),
    networks: (await ec2.send(new DescribeVpcsCommand())).Vpcs?.filter(({ IsDefault }) => IsDefault !== true) ?? [],
    addresses: (await ec2.send(new DescribeAddressesCommand())).Addresses ?? [],
    balancers: (await elb.send(new DescribeLoadBalancersCommand())).LoadBalancers ?? [],
    targets: (await elb.send(new DescribeTargetGroupsCommand())).TargetGroups ?? [],
    buckets: (await of.client(S3Client).send(new ListBucketsCommand())).Buckets ?? [],
    roles: (await of.client(IAMClient).send(new ListRolesCommand())).Roles ?? [],
    keys: await keysInUse(of),
    secrets: (await of.client(SecretsManagerClient).send(new ListSecretsCommand())).SecretList ?? [],
    snapshots: ((await of.client(RDSClient).send(new DescribeDBSnapshotsCommand())).DBSnapshots ?? []).map(
      ({ DBSnapshotIdentifier = "" }) => DBSnapshotIdentifier.replace(/\d{14}$/, "<moment>"),
    ),
  };
  return Object.fromEntries(Object.entries(found).filter(([, items]) => items.length > 0));
}
