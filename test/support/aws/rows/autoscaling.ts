import {
  ApplicationAutoScalingClient,
  DeleteScalingPolicyCommand,
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
  type MetricType,
} from "@aws-sdk/client-application-auto-scaling";
import type * as aws from "@pulumi/aws";
import type { Aws } from "../aws-access.ts";
import { row, type Given, type ResourceTable } from "../resource-row.ts";
import { bringWithin } from "../scale-service.ts";

const client = (of: Aws): ApplicationAutoScalingClient => of.client(ApplicationAutoScalingClient);

interface Scaled {
  readonly resourceId: string;
}

/** Every target of the program is a service's number of tasks. */
const about = ({ resourceId }: Scaled) =>
  ({ ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount", ResourceId: resourceId }) as const;

async function register(of: Aws, inputs: Given<aws.appautoscaling.TargetArgs>): Promise<void> {
  await client(of).send(
    new RegisterScalableTargetCommand({
      ...about(inputs),
      MinCapacity: inputs.minCapacity,
      MaxCapacity: inputs.maxCapacity,
    }),
  );
  await bringWithin(of, inputs.resourceId, { least: inputs.minCapacity, most: inputs.maxCapacity });
}

async function putPolicy(of: Aws, PolicyName: string, inputs: Given<aws.appautoscaling.PolicyArgs>): Promise<void> {
  const tracking = inputs.targetTrackingScalingPolicyConfiguration;
  await client(of).send(
    new PutScalingPolicyCommand({
      ...about(inputs),
      PolicyName,
      PolicyType: "TargetTrackingScaling",
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: tracking?.targetValue,
        PredefinedMetricSpecification: {
          PredefinedMetricType: tracking?.predefinedMetricSpecification?.predefinedMetricType as MetricType,
        },
        ScaleInCooldown: tracking?.scaleInCooldown,
        ScaleOutCooldown: tracking?.scaleOutCooldown,
      },
    }),
  );
}

/** How many tasks a peak may bring. */
export const autoscaling: ResourceTable = {
  "aws:appautoscaling/target:Target": row<aws.appautoscaling.TargetArgs>({
    replaceOn: ["resourceId", "scalableDimension", "serviceNamespace"],
    async create(of, inputs) {
      await register(of, inputs);
      return inputs.resourceId;
    },
    async read(of, id) {
      const { ScalableTargets: [found] = [] } = await client(of).send(
        new DescribeScalableTargetsCommand({ ServiceNamespace: "ecs", ResourceIds: [id] }),
      );
      return found && { minCapacity: found.MinCapacity, maxCapacity: found.MaxCapacity };
    },
    async update(of, _id, inputs) {
      await register(of, inputs);
    },
    async delete(of, _id, inputs) {
      await client(of).send(new DeregisterScalableTargetCommand(about(inputs)));
    },
  }),
  "aws:appautoscaling/policy:Policy": row<aws.appautoscaling.PolicyArgs>({
    replaceOn: ["name", "resourceId", "scalableDimension", "serviceNamespace"],
    named: {
      by: "name",
      maxLength: 256,
      page: "https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html",
    },
    async create(of, inputs) {
      const { name = "" } = inputs;
      await putPolicy(of, name, inputs);
      return name;
    },
    async read(of, id, { resourceId }) {
      const { ScalingPolicies: found = [] } = await client(of).send(
        new DescribeScalingPoliciesCommand({ ServiceNamespace: "ecs", ResourceId: resourceId, PolicyNames: [id] }),
      );
      return found[0] && { arn: found[0].PolicyARN };
    },
    async update(of, id, inputs) {
      await putPolicy(of, id, inputs);
    },
    async delete(of, id, inputs) {
      await client(of).send(new DeleteScalingPolicyCommand({ ...about(inputs), PolicyName: id }));
    },
  }),
};
