import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
  type NetworkConfiguration,
  type Task,
} from "@aws-sdk/client-ecs";
import {
  DeregisterTargetsCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { DescribeReplicationGroupsCommand, ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { shopEnv } from "../../../service/contract/env.ts";
import type { Aws } from "./aws-access.ts";

/** A service as far as its tasks are concerned. */
export interface TasksWanted {
  readonly cluster: string | undefined;
  readonly service: string;
  readonly taskDefinition: string | undefined;
  readonly count: number;
  readonly networkConfiguration: NetworkConfiguration | undefined;
  /** Target groups that know the tasks. */
  readonly targetGroups: readonly (string | undefined)[];
}

/**
 * What ECS does with a service and moto does not: tasks of the definition run in the service's group, the load balancer
 * knows them, and those of another definition stop after that.
 */
export async function bringTasksTo(of: Aws, wanted: TasksWanted): Promise<void> {
  const { cluster, service, taskDefinition, count, networkConfiguration, targetGroups } = wanted;
  const group = `service:${service}`;
  const running = await tasksOf(of, cluster, group);
  const fitting = running.filter(({ taskDefinitionArn }) => taskDefinitionArn === taskDefinition).slice(0, count);
  const others = running.filter((task) => !fitting.includes(task));
  const missing = count - fitting.length;
  const { tasks: started = [] } =
    missing === 0
      ? {}
      : await of.client(ECSClient).send(
          new RunTaskCommand({
            cluster,
            taskDefinition,
            group,
            count: missing,
            networkConfiguration,
            launchType: "FARGATE",
          }),
        );
  const balancing = of.client(ElasticLoadBalancingV2Client);
  for (const TargetGroupArn of targetGroups) {
    const targets = (tasks: readonly Task[]) => ({
      TargetGroupArn,
      Targets: tasks.map((task) => ({ Id: addressOf(task) })),
    });
    if (started.length > 0) await balancing.send(new RegisterTargetsCommand(targets(started)));
    if (others.length > 0) await balancing.send(new DeregisterTargetsCommand(targets(others)));
  }
  for (const { taskArn } of others) await of.client(ECSClient).send(new StopTaskCommand({ cluster, task: taskArn }));
  if (started.length > 0) await connectToCache(of, taskDefinition, count);
}

async function tasksOf(of: Aws, cluster: string | undefined, group: string): Promise<readonly Task[]> {
  const client = of.client(ECSClient);
  const { taskArns = [] } = await client.send(new ListTasksCommand({ cluster, desiredStatus: "RUNNING" }));
  if (taskArns.length === 0) return [];
  const { tasks = [] } = await client.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
  return tasks.filter((task) => task.group === group);
}

function addressOf({ attachments = [] }: Task): string | undefined {
  return attachments.flatMap(({ details = [] }) => details).find(({ name }) => name === "privateIPv4Address")?.value;
}

/** What ElastiCache tells CloudWatch of tasks whose definition has the cache's URL. */
async function connectToCache(of: Aws, taskDefinition: string | undefined, tasks: number): Promise<void> {
  const { taskDefinition: definition } = await of
    .client(ECSClient)
    .send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  const secrets = (definition?.containerDefinitions ?? []).flatMap((each) => each.secrets ?? []);
  if (!secrets.some(({ name }) => name === shopEnv.redisUrl)) return;
  const { ReplicationGroups = [] } = await of.client(ElastiCacheClient).send(new DescribeReplicationGroupsCommand());
  const members = ReplicationGroups.filter(({ Description }) => Description === "the shop's cache").flatMap(
    ({ MemberClusters = [] }) => MemberClusters,
  );
  await of.client(CloudWatchClient).send(
    new PutMetricDataCommand({
      Namespace: "AWS/ElastiCache",
      MetricData: members.map((Value) => ({
        MetricName: "CurrConnections",
        Dimensions: [{ Name: "CacheClusterId", Value }],
        Value: tasks,
      })),
    }),
  );
}
