import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListClustersCommand,
  ListTasksCommand,
  type Task,
} from "@aws-sdk/client-ecs";
import { z } from "zod";
import type { Aws } from "./aws-access.ts";

/** What a collector's configuration says of whom it scrapes, under which names, and where it writes to. */
const collectorSchema = z.object({
  receivers: z.object({
    prometheus: z.object({
      config: z.object({
        scrape_configs: z.array(
          z.object({ job_name: z.string(), static_configs: z.array(z.object({ targets: z.array(z.string()) })) }),
        ),
      }),
    }),
  }),
  processors: z
    .object({ resource: z.object({ attributes: z.array(z.object({ key: z.string(), from_attribute: z.string() })) }) })
    .optional(),
  exporters: z.object({ prometheusremotewrite: z.object({ endpoint: z.string() }) }),
});

/** As Prometheus takes it from a file. */
interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: { readonly job: string; readonly instance: string };
}

/**
 * What the collectors of all running tasks would write to a workspace, as targets of a Prometheus that scrapes in their place:
 * no container runs here, so the metrics are those of one address, under the names that each collector gives.
 */
export async function collectorTargets(
  of: Aws,
  { path, metricsAddress }: { readonly path: string; readonly metricsAddress: string },
): Promise<readonly TargetGroup[]> {
  const client = of.client(ECSClient);
  const { clusterArns: [cluster] = [] } = await client.send(new ListClustersCommand());
  const { taskArns = [] } = await client.send(new ListTasksCommand({ cluster, desiredStatus: "RUNNING" }));
  if (taskArns.length === 0) return [];
  const { tasks = [] } = await client.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
  const groups = tasks.map(async (task) => await targetsOf(client, task, { path, metricsAddress }));
  return (await Promise.all(groups)).flat();
}

async function targetsOf(
  client: ECSClient,
  { taskArn = "", taskDefinitionArn }: Task,
  { path, metricsAddress }: { readonly path: string; readonly metricsAddress: string },
): Promise<readonly TargetGroup[]> {
  const { taskDefinition } = await client.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: taskDefinitionArn }),
  );
  const variables = (taskDefinition?.containerDefinitions ?? []).flatMap(({ environment = [] }) => environment);
  const content = variables.find(({ name }) => name === "AOT_CONFIG_CONTENT")?.value;
  if (content === undefined) return [];
  const { receivers, processors, exporters } = collectorSchema.parse(JSON.parse(content));
  if (!new URL(exporters.prometheusremotewrite.endpoint).pathname.startsWith(`${path}/`)) return [];
  const renamed = (processors?.resource.attributes ?? []).some(
    ({ key, from_attribute }) => key === "service.instance.id" && from_attribute === "aws.ecs.task.id",
  );
  return receivers.prometheus.config.scrape_configs.flatMap(({ job_name: job, static_configs: places }) =>
    places.flatMap(({ targets }) =>
      targets.map((target) => ({
        targets: [metricsAddress],
        labels: { job, instance: renamed ? (taskArn.split("/").at(-1) ?? "") : target },
      })),
    ),
  );
}
