import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import type { Aws } from "./aws-access.ts";
import { bringTasksTo } from "./service-tasks.ts";

/**
 * What Application Auto Scaling does with a service when it is told bounds, and moto does not: a number of tasks outside of
 * them is brought within. https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
 */
export async function bringWithin(
  of: Aws,
  resourceId: string,
  { least, most }: { readonly least: number; readonly most: number },
): Promise<void> {
  const [, cluster, service = ""] = resourceId.split("/");
  const client = of.client(ECSClient);
  const { services: [found] = [] } = await client.send(new DescribeServicesCommand({ cluster, services: [service] }));
  const { desiredCount = 0, taskDefinition, deployments = [], loadBalancers = [] } = found ?? {};
  const count = Math.min(most, Math.max(least, desiredCount));
  if (count === desiredCount) return;
  await client.send(new UpdateServiceCommand({ cluster, service, desiredCount: count }));
  await bringTasksTo(of, {
    cluster,
    service,
    taskDefinition,
    count,
    networkConfiguration: deployments[0]?.networkConfiguration,
    targetGroups: loadBalancers.map(({ targetGroupArn }) => targetGroupArn),
  });
}
