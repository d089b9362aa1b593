import { z } from "zod";

/** Where one-off tasks of the shop's image run: outside of the network nobody reaches the database. */
export const taskPlaceSchema = z.object({
  region: z.string(),
  /** ARN of the ECS cluster. */
  cluster: z.string(),
  /** ARN of the task definition, with the credentials of the database's owner. */
  taskDefinition: z.string(),
  subnets: z.array(z.string()),
  securityGroup: z.string(),
  /** Log group that the tasks write to. */
  logGroup: z.string(),
});
export type TaskPlace = z.infer<typeof taskPlaceSchema>;
