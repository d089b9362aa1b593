import { z } from "zod";
import { taskPlaceSchema } from "./tasks/task-place.ts";

/**
 * What of the AWS stack's outputs the commands go by: names and ARNs under which its resources are asked. None is a secret.
 */
export const awsHandlesSchema = z.object({
  /** ARN of the ECS cluster. */
  cluster: z.string(),
  /** Name of the log group of all tasks. */
  logGroup: z.string(),
  /** Names of the ECS services. */
  services: z.object({ web: z.string(), pooler: z.string().optional(), mailWorker: z.string().optional() }),
  /** ARN of the load balancer's target group. */
  targetGroup: z.string(),
  /** Identifiers of the database instances. */
  database: z.string(),
  replicas: z.array(z.string()),
  /** Name of the database's parameter group. */
  databaseParameters: z.string(),
  /** Ids of the replication groups of ElastiCache. */
  cache: z.string().optional(),
  queue: z.string().optional(),
  /** Id of CloudFront's distribution. */
  distribution: z.string().optional(),
  /** Endpoint of the Managed Prometheus workspace. */
  prometheus: z.string().optional(),
  /** Where one-off tasks run. */
  tasks: taskPlaceSchema,
  /** Names of the schedules of nightly tasks. */
  schedules: z.object({ archiving: z.string().optional(), months: z.string().optional() }),
});
export type AwsHandles = z.infer<typeof awsHandlesSchema>;
