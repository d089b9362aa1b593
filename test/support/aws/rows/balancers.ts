import {
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  ModifyLoadBalancerAttributesCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  SetSecurityGroupsCommand,
  SetSubnetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type * as aws from "@pulumi/aws";
import { tagList, type Aws } from "../aws-access.ts";
import { RefusedError } from "../refusal.ts";
import { balancerNamePage, refuseTargetGroup, targetGroupNamePage } from "../refusals/elbv2.ts";
import { row, type Given, type ResourceTable } from "../resource-row.ts";

const client = (of: Aws): ElasticLoadBalancingV2Client => of.client(ElasticLoadBalancingV2Client);
const suffixOf = (arn: string, after: string): string => arn.slice(arn.indexOf(after) + after.length);
const attributes = (
  values: Readonly<Record<string, string | number | boolean | undefined>>,
): { Key: string; Value: string }[] =>
  Object.entries(values).flatMap(([Key, value]) => (value === undefined ? [] : [{ Key, Value: String(value) }]));

async function setAttributes(of: Aws, LoadBalancerArn: string, inputs: Given<aws.lb.LoadBalancerArgs>): Promise<void> {
  await client(of).send(
    new ModifyLoadBalancerAttributesCommand({
      LoadBalancerArn,
      Attributes: attributes({
        "deletion_protection.enabled": inputs.enableDeletionProtection ?? false,
        "idle_timeout.timeout_seconds": inputs.idleTimeout,
        "client_keep_alive.seconds": inputs.clientKeepAlive,
        "routing.http.drop_invalid_header_fields.enabled": inputs.dropInvalidHeaderFields,
        "routing.http.xff_header_processing.mode": inputs.xffHeaderProcessingMode,
        "access_logs.s3.enabled": inputs.accessLogs?.enabled,
        "access_logs.s3.bucket": inputs.accessLogs?.bucket,
        "access_logs.s3.prefix": inputs.accessLogs?.prefix,
      }),
    }),
  );
}

async function isProtected(of: Aws, LoadBalancerArn: string): Promise<boolean> {
  const found = await client(of).send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn }));
  return found.Attributes?.find((each) => each.Key === "deletion_protection.enabled")?.Value === "true";
}

async function setTargetAttributes(of: Aws, TargetGroupArn: string, inputs: Given<aws.lb.TargetGroupArgs>) {
  await client(of).send(
    new ModifyTargetGroupAttributesCommand({
      TargetGroupArn,
      Attributes: attributes({
        "deregistration_delay.timeout_seconds": inputs.deregistrationDelay,
        "load_balancing.algorithm.type": inputs.loadBalancingAlgorithmType,
      }),
    }),
  );
}

const healthOf = ({ healthCheck: health }: Given<aws.lb.TargetGroupArgs>) => ({
  HealthCheckPath: health?.path,
  HealthCheckPort: health?.port,
  HealthCheckIntervalSeconds: health?.interval,
  HealthCheckTimeoutSeconds: health?.timeout,
  HealthyThresholdCount: health?.healthyThreshold,
  UnhealthyThresholdCount: health?.unhealthyThreshold,
  Matcher: { HttpCode: health?.matcher },
});

/** The load balancer and its groups of targets. */
export const balancers: ResourceTable = {
  "aws:lb/loadBalancer:LoadBalancer": row<aws.lb.LoadBalancerArgs>({
    replaceOn: ["name", "loadBalancerType", "internal"],
    named: { by: "name", maxLength: 32, page: balancerNamePage },
    async create(of, inputs) {
      const { LoadBalancers: [made] = [] } = await client(of).send(
        new CreateLoadBalancerCommand({
          Name: inputs.name,
          Type: "application",
          Subnets: [...(inputs.subnets ?? [])],
          SecurityGroups: [...(inputs.securityGroups ?? [])],
          Tags: tagList(of.tags),
        }),
      );
      const arn = made?.LoadBalancerArn ?? "";
      await setAttributes(of, arn, inputs);
      return arn;
    },
    async read(of, id) {
      const { LoadBalancers: [found] = [] } = await client(of).send(
        new DescribeLoadBalancersCommand({ LoadBalancerArns: [id] }),
      );
      return (
        found && {
          arn: id,
          name: found.LoadBalancerName,
          arnSuffix: suffixOf(id, "loadbalancer/"),
          dnsName: found.DNSName,
          zoneId: found.CanonicalHostedZoneId,
          securityGroups: found.SecurityGroups,
          enableDeletionProtection: await isProtected(of, id),
        }
      );
    },
    async update(of, id, inputs) {
      await setAttributes(of, id, inputs);
      await client(of).send(
        new SetSecurityGroupsCommand({ LoadBalancerArn: id, SecurityGroups: [...(inputs.securityGroups ?? [])] }),
      );
      await client(of).send(new SetSubnetsCommand({ LoadBalancerArn: id, Subnets: [...(inputs.subnets ?? [])] }));
    },
    async delete(of, LoadBalancerArn) {
      if (await isProtected(of, LoadBalancerArn))
        throw new RefusedError({
          property: "enableDeletionProtection",
          reason: `Load balancer ${LoadBalancerArn} cannot be deleted because deletion protection is enabled`,
          page: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html",
        });
      await client(of).send(new DeleteLoadBalancerCommand({ LoadBalancerArn }));
    },
  }),
  "aws:lb/targetGroup:TargetGroup": row<aws.lb.TargetGroupArgs>({
    replaceOn: ["name", "port", "protocol", "protocolVersion", "targetType", "vpcId"],
    named: { by: "name", maxLength: 32, page: targetGroupNamePage },
    refuse: refuseTargetGroup,
    async create(of, inputs) {
      const { TargetGroups: [made] = [] } = await client(of).send(
        new CreateTargetGroupCommand({
          ...healthOf(inputs),
          Name: inputs.name,
          VpcId: inputs.vpcId,
          TargetType: "ip",
          Port: inputs.port,
          Protocol: "HTTP",
          Tags: tagList(of.tags),
        }),
      );
      const arn = made?.TargetGroupArn ?? "";
      await setTargetAttributes(of, arn, inputs);
      return arn;
    },
    async read(of, id) {
      const { TargetGroups: [found] = [] } = await client(of).send(
        new DescribeTargetGroupsCommand({ TargetGroupArns: [id] }),
      );
      return (
        found && {
          arn: id,
          name: found.TargetGroupName,
          port: found.Port,
          arnSuffix: `targetgroup/${suffixOf(id, "targetgroup/")}`,
        }
      );
    },
    async update(of, TargetGroupArn, inputs) {
      await client(of).send(new ModifyTargetGroupCommand({ TargetGroupArn, ...healthOf(inputs) }));
      await setTargetAttributes(of, TargetGroupArn, inputs);
    },
    async delete(of, TargetGroupArn) {
      await client(of).send(new DeleteTargetGroupCommand({ TargetGroupArn }));
    },
  }),
};
