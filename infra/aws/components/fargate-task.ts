import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { TaskSize } from "../sizes.ts";
import type { Cluster } from "./cluster.ts";
import { containerDefinitions, volumesOf, type Container } from "./container.ts";
import { roleWith, type Grant } from "./roles.ts";

export interface FargateTaskArgs {
  readonly cluster: Cluster;
  readonly region: string;
  readonly size: TaskSize;
  readonly containers: readonly Container[];
  /** What the task itself may do with AWS. */
  readonly grants: readonly Grant[];
}

/** What a task is made from. A change makes a new revision; the old ones stay, to go back to. */
export class FargateTask extends pulumi.ComponentResource {
  readonly definition: aws.ecs.TaskDefinition;
  readonly role: aws.iam.Role;

  constructor(name: string, args: FargateTaskArgs, options: pulumi.ComponentResourceOptions) {
    super("shopctl:aws:FargateTask", name, {}, options);
    const { cluster, region, size, containers, grants } = args;
    this.role = roleWith(`${name}-task`, { service: "ecs-tasks.amazonaws.com", grants }, { parent: this });
    this.definition = new aws.ecs.TaskDefinition(
      name,
      {
        family: name,
        requiresCompatibilities: ["FARGATE"],
        networkMode: "awsvpc",
        runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
        cpu: String(size.cpu),
        memory: String(size.memoryMiB),
        executionRoleArn: cluster.executionRole.arn,
        taskRoleArn: this.role.arn,
        volumes: volumesOf(containers),
        containerDefinitions: containerDefinitions(containers, { logGroup: cluster.logs.name, region }),
        skipDestroy: true,
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
