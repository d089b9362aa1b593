import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { assumedBy } from "./roles.ts";

export const logRetentionDays = 30;

/** Where tasks run, what they log to, and names under which they find each other. */
export class Cluster extends pulumi.ComponentResource {
  readonly cluster: aws.ecs.Cluster;
  readonly logs: aws.cloudwatch.LogGroup;
  readonly names: aws.servicediscovery.PrivateDnsNamespace;
  readonly namesDomain: string;
  /** The part of ECS that starts a task: it pulls the image, reads the task's secrets and writes its log. */
  readonly executionRole: aws.iam.Role;
  readonly #name: string;

  constructor(
    name: string,
    { vpcId }: { readonly vpcId: pulumi.Input<string> },
    options: pulumi.ComponentResourceOptions,
  ) {
    super("shopctl:aws:Cluster", name, {}, options);
    const inside = { parent: this };
    this.#name = name;
    this.cluster = new aws.ecs.Cluster(name, { settings: [{ name: "containerInsights", value: "enabled" }] }, inside);
    this.logs = new aws.cloudwatch.LogGroup(name, { retentionInDays: logRetentionDays }, inside);
    this.namesDomain = `${name}.internal`;
    this.names = new aws.servicediscovery.PrivateDnsNamespace(name, { name: this.namesDomain, vpc: vpcId }, inside);
    this.executionRole = new aws.iam.Role(
      `${name}-execution`,
      { assumeRolePolicy: assumedBy("ecs-tasks.amazonaws.com") },
      inside,
    );
    new aws.iam.RolePolicyAttachment(
      `${name}-execution`,
      {
        role: this.executionRole.name,
        policyArn: "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
      },
      inside,
    );
    this.registerOutputs();
  }

  /** Lets tasks be started with these secrets and no others. What of them run before others can has a grant of its own kind. */
  grantSecrets(
    kind: "secrets" | "task-secrets" | "pooler-secret",
    arns: readonly pulumi.Output<string>[],
  ): aws.iam.RolePolicy {
    return new aws.iam.RolePolicy(
      `${this.#name}-${kind}`,
      {
        role: this.executionRole.name,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: ["secretsmanager:GetSecretValue"], Resource: [...arns] }],
        }),
      },
      { parent: this },
    );
  }
}
