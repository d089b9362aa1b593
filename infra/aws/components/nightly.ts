import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { FargateTask } from "./fargate-task.ts";
import { roleWith } from "./roles.ts";

/** What a one-off task is started from, and where. */
export interface TaskSource {
  readonly task: FargateTask;
  readonly group: aws.ec2.SecurityGroup;
  readonly subnets: pulumi.Output<string>[];
  readonly clusterArn: pulumi.Output<string>;
  readonly executionRoleArn: pulumi.Output<string>;
}

/** Programs of the image that EventBridge Scheduler starts every day at an hour (UTC), as tasks of their own. */
export class Nightly extends pulumi.ComponentResource {
  readonly schedule: aws.scheduler.Schedule;

  constructor(
    name: string,
    args: { readonly tasks: TaskSource; readonly hour: number; readonly command: readonly string[] },
    options: pulumi.ComponentResourceOptions,
  ) {
    super("shopctl:aws:Nightly", name, {}, options);
    const { tasks, hour, command } = args;
    const { definition, role } = tasks.task;
    const scheduler = roleWith(
      name,
      {
        service: "scheduler.amazonaws.com",
        grants: [
          { actions: ["ecs:RunTask"], resources: [definition.arn] },
          { actions: ["iam:PassRole"], resources: [role.arn, tasks.executionRoleArn] },
        ],
      },
      { parent: this },
    );
    this.schedule = new aws.scheduler.Schedule(
      name,
      {
        scheduleExpression: `cron(0 ${hour} * * ? *)`,
        flexibleTimeWindow: { mode: "OFF" },
        target: {
          arn: tasks.clusterArn,
          roleArn: scheduler.arn,
          input: JSON.stringify({ containerOverrides: [{ name: "shop", command: ["node", ...command] }] }),
          ecsParameters: {
            taskDefinitionArn: definition.arn,
            launchType: "FARGATE",
            taskCount: 1,
            networkConfiguration: { subnets: tasks.subnets, securityGroups: [tasks.group.id], assignPublicIp: false },
          },
          retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 3_600 },
        },
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
