import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "./cluster.ts";
import { closedGroup } from "./data-gate.ts";
import type { FargateTask } from "./fargate-task.ts";
import type { Network } from "./network.ts";

export interface FargateServiceArgs {
  readonly cluster: Cluster;
  readonly network: Network;
  readonly task: FargateTask;
  readonly count: number;
  /** Most tasks that a peak may bring; undefined where their number is the program's to say and nobody else's. */
  readonly maxCount?: number;
  /** Whether others find it under its name in the cluster's domain. */
  readonly discovered: boolean;
  readonly balanced?: {
    readonly targetGroupArn: pulumi.Input<string>;
    readonly container: string;
    readonly port: number;
  };
}

/** Time that a new task has before failed health checks count. */
const healthGraceSeconds = 90;
/** How long others keep the address of a task that they found under its service's name. */
export const nameTtlSeconds = 10;
/** Share of the CPU that autoscaling keeps its tasks at. */
const targetCpuPercent = 60;

/**
 * Tasks that are always there. A new revision stands beside the old one until it is healthy; one that does not get healthy
 * is taken back by ECS' circuit breaker, and the update fails.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export class FargateService extends pulumi.ComponentResource {
  readonly service: aws.ecs.Service;
  readonly group: aws.ec2.SecurityGroup;

  constructor(name: string, args: FargateServiceArgs, options: pulumi.ComponentResourceOptions) {
    super("shopctl:aws:FargateService", name, {}, options);
    const { cluster, network, task, count, maxCount, discovered, balanced } = args;
    const inside = { parent: this };
    this.group = closedGroup(name, { vpcId: network.vpc.id, description: `tasks of ${name}` }, inside);
    // Image pulls, secrets, logs, mail: all of it is HTTPS to somewhere outside.
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-https`,
      { securityGroupId: this.group.id, cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: 443, toPort: 443 },
      inside,
    );
    this.service = new aws.ecs.Service(
      name,
      {
        cluster: cluster.cluster.arn,
        taskDefinition: task.definition.arn,
        launchType: "FARGATE",
        desiredCount: count,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        deploymentMinimumHealthyPercent: 100,
        deploymentMaximumPercent: 200,
        availabilityZoneRebalancing: "ENABLED",
        enableExecuteCommand: false,
        enableEcsManagedTags: true,
        propagateTags: "SERVICE",
        waitForSteadyState: true,
        networkConfiguration: {
          subnets: [...network.taskSubnetIds],
          securityGroups: [this.group.id],
          assignPublicIp: false,
        },
        ...(discovered ? { serviceRegistries: { registryArn: this.#register(name, cluster).arn } } : {}),
        ...(balanced === undefined
          ? {}
          : {
              healthCheckGracePeriodSeconds: healthGraceSeconds,
              loadBalancers: [
                {
                  targetGroupArn: balanced.targetGroupArn,
                  containerName: balanced.container,
                  containerPort: balanced.port,
                },
              ],
            }),
      },
      // How many there are is autoscaling's to say, also where its bounds are one number.
      {
        parent: this,
        dependsOn: [cluster.executionRole],
        ignoreChanges: maxCount === undefined ? [] : ["desiredCount"],
      },
    );
    if (maxCount !== undefined) this.#scale(name, cluster, { count, maxCount });
    this.registerOutputs();
  }

  #register(name: string, { names }: Cluster): aws.servicediscovery.Service {
    return new aws.servicediscovery.Service(
      name,
      {
        name,
        dnsConfig: {
          namespaceId: names.id,
          dnsRecords: [{ type: "A", ttl: nameTtlSeconds }],
          routingPolicy: "MULTIVALUE",
        },
      },
      { parent: this },
    );
  }

  /**
   * Bounds stand from the beginning: given others, AWS brings the number of tasks within them, so that the way back ends with as
   * few as before. https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
   */
  #scale(name: string, { cluster }: Cluster, { count, maxCount }: { count: number; maxCount: number }): void {
    const target = new aws.appautoscaling.Target(
      name,
      {
        serviceNamespace: "ecs",
        scalableDimension: "ecs:service:DesiredCount",
        resourceId: pulumi.interpolate`service/${cluster.name}/${this.service.name}`,
        minCapacity: count,
        maxCapacity: maxCount,
      },
      { parent: this },
    );
    if (maxCount === count) return;
    new aws.appautoscaling.Policy(
      name,
      {
        policyType: "TargetTrackingScaling",
        serviceNamespace: target.serviceNamespace,
        scalableDimension: target.scalableDimension,
        resourceId: target.resourceId,
        targetTrackingScalingPolicyConfiguration: {
          predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
          targetValue: targetCpuPercent,
          scaleInCooldown: 300,
          scaleOutCooldown: 60,
        },
      },
      { parent: this },
    );
  }
}
