import { z } from "zod";
import { environmentNameSchema } from "../environment/environment.ts";

/** An image by its content: a tag can be moved, a digest cannot. */
const imageSchema = z.string().regex(/^[^\s@]+@sha256:[0-9a-f]{64}$/, "an image with its digest, NAME@sha256:…");

/** What an environment on AWS is told beside its topology. Contains no secret. */
export const awsSettingsSchema = z.strictObject({
  version: z.literal(1),
  name: environmentNameSchema,
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/),
  /** Availability zones, two or three of the region. */
  zones: z
    .array(z.string().regex(/^[a-z0-9-]+[a-z]$/))
    .min(2)
    .max(3),
  /** Name that shoppers use, in a hosted zone of Route 53. */
  domain: z.string().regex(/^([a-z0-9-]+\.)+[a-z]{2,}$/),
  hostedZoneId: z.string().regex(/^Z[A-Z0-9]{1,31}$/),
  images: z.strictObject({ shop: imageSchema, pooler: imageSchema, collector: imageSchema }),
  /** Who is told of alarms and of a bill over the budget. */
  alertAddress: z.email(),
  budgetUsdPerMonth: z.number().positive(),
});
export type AwsSettings = z.infer<typeof awsSettingsSchema>;

/** Secrets of an environment on AWS; they stand encrypted in the stack's configuration and in Secrets Manager. */
export const awsCredentialsSchema = z.strictObject({
  databaseShop: z.string().min(24),
  cache: z.string().min(24),
  queue: z.string().min(24),
  /** What the CDN says to the load balancer. */
  originKey: z.string().min(24),
  sendgrid: z.string().optional(),
  sentryDsn: z.url().optional(),
});
export type AwsCredentials = z.infer<typeof awsCredentialsSchema>;
