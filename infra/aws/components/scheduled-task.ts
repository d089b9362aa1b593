import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "./cluster.ts";
import type { FargateTask } from "./fargate-task.ts";
import type { Network } from "./network.ts";
import { roleWith } from "./roles.ts";

export interface ScheduledTaskArgs {
  readonly cluster: Cluster;
  readonly network: Network;
  readonly task: FargateTask;
  readonly group: aws.ec2.SecurityGroup;
  /** Container of the task and what it is to run. */
  readonly container: string;
  readonly command: readonly string[];
  /** As EventBridge has it, `cron(…)` in UTC. */
  readonly schedule: string;
}

/** A one-off task that comes again: EventBridge's scheduler starts it, and may start nothing else. */
export class ScheduledTask extends pulumi.ComponentResource {
  constructor(name: string, args: ScheduledTaskArgs, options: pulumi.ComponentResourceOptions) {
    super("shopctl:aws:ScheduledTask", name, {}, options);
    const { cluster, network, task, group, container, command, schedule } = args;
    const role = roleWith(
      `${name}-schedule`,
      {
        service: "scheduler.amazonaws.com",
        grants: [
          { actions: ["ecs:RunTask"], resources: [task.definition.arn] },
          { actions: ["iam:PassRole"], resources: [cluster.executionRole.arn, task.role.arn] },
        ],
      },
      { parent: this },
    );
    new aws.scheduler.Schedule(
      name,
      {
        scheduleExpression: schedule,
        flexibleTimeWindow: { mode: "OFF" },
        target: {
          arn: cluster.cluster.arn,
          roleArn: role.arn,
          input: JSON.stringify({ containerOverrides: [{ name: container, command: [...command] }] }),
          ecsParameters: {
            taskDefinitionArn: task.definition.arn,
            launchType: "FARGATE",
            taskCount: 1,
            networkConfiguration: {
              subnets: [...network.taskSubnetIds],
              securityGroups: [group.id],
              assignPublicIp: false,
            },
          },
          retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 3_600 },
        },
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
