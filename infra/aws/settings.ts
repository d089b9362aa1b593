import { z } from "zod";
import { environmentNameSchema } from "../environment/environment-name.ts";
import { releaseHashSchema } from "../topology/release-choice.ts";
import type { Topology } from "../topology/topology.ts";

/** An image by its content: a tag can be moved, a digest cannot. */
export const imageSchema = z
  .string()
  .regex(
    /^[^\s@]+@sha256:[0-9a-f]{64}$/,
    "an image with its digest, NAME@sha256:…: a tag can be moved, and a rollback would run something else",
  );

/** What an environment on AWS is told beside its topology. Contains no secret. */
export const awsSettingsSchema = z.strictObject({
  version: z.literal(1),
  name: environmentNameSchema,
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as eu-central-1"),
  /** Availability zones, two or three of the region. */
  zones: z
    .array(z.string().regex(/^[a-z0-9-]+[a-z]$/, "a zone such as eu-central-1a"))
    .min(2, "two or three zones of the region")
    .max(3, "two or three zones of the region"),
  /** Name that shoppers use, in a hosted zone of Route 53. */
  domain: z.string().regex(/^([a-z0-9-]+\.)+[a-z]{2,}$/, "a domain such as shop.example.com"),
  hostedZoneId: z.string().regex(/^Z[A-Z0-9]{1,31}$/, "the id of a hosted zone, such as Z0123456789ABC"),
  /** Sender of the shop's mail, at the domain that SES may send for. */
  mailFrom: z.email(),
  /** Mails a day that the plan bought at SendGrid takes, where that is not the growth plan's. */
  sendgridPerDay: z.int().positive().optional(),
  /** Images of the shop that were ever deployed, by the first twelve characters of their digest: what a topology's release names. */
  releases: z.record(releaseHashSchema, imageSchema),
  images: z.strictObject({ pooler: imageSchema, collector: imageSchema }),
  /** Who is told of alarms and of a bill over the budget. */
  alertAddress: z.email(),
  budgetUsdPerMonth: z.number().positive(),
  /** Whether Sentry's DSN is among the secrets: what is made for it must be known before a secret can be read. */
  sentry: z.literal(true).optional(),
});
export type AwsSettings = z.infer<typeof awsSettingsSchema>;

/** What a topology's release calls an image: the first characters of its digest, as those of a build's content hash. */
export function releaseOfImage(image: string): string {
  return image.slice(image.indexOf("@sha256:") + "@sha256:".length).slice(0, 12);
}

/** The image that a topology runs. Throws RangeError when it was never deployed here. */
export function imageOf({ releases }: AwsSettings, { release }: Topology): string {
  const image = release === undefined ? undefined : releases[release.stable];
  if (image === undefined) throw new RangeError(`no image is known for the release ${release?.stable ?? "(none)"}`);
  return image;
}

/** Secrets of an environment on AWS; they stand encrypted in the stack's configuration and in Secrets Manager. */
export const awsCredentialsSchema = z.strictObject({
  databaseShop: z.string().min(24),
  /** Of the role that owns the database: migrations run as it, the shop does not. */
  databaseAdmin: z.string().min(24),
  cache: z.string().min(24),
  queue: z.string().min(24),
  /** What the CDN says to the load balancer. */
  originKey: z.string().min(24),
  sendgrid: z.string().optional(),
  sentryDsn: z.url().optional(),
});
export type AwsCredentials = z.infer<typeof awsCredentialsSchema>;
