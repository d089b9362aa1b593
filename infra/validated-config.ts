import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

/** A value of the stack's configuration, or an error that names what is wrong with it. */
export function validated<T>(config: pulumi.Config, key: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(config.requireObject<unknown>(key));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${[key, ...issue.path].join(".")}: ${issue.message}`);
  throw new pulumi.RunError(`shopctl:${key} is not valid: ${problems.join("; ")}`);
}
