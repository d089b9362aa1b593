import { z } from "zod";
import { topologySchema } from "../../../infra/topology/topology.ts";

/** A resource during one rate: what a request takes of it, and how much of it was taken. */
const resourceSchema = z.strictObject({
  /** `service`, `database`, `host`, or the component's name. */
  name: z.string(),
  /** Cores that the kernel lets it use; null where nothing limits it but the host. */
  limitCpu: z.number().nullable(),
  cpuSecondsPerRequest: z.number(),
  /** Of the limit, 0..1; null without one. */
  utilisation: z.number().nullable(),
});

const pointSchema = z.strictObject({
  /** What was sent a second. */
  ratePerSecond: z.number(),
  seconds: z.number(),
  /** What was answered a second. */
  throughputPerSecond: z.number(),
  /** Requests in the shop, on average. */
  concurrency: z.number(),
  /** From the scheduled start. */
  latencyMs: z.strictObject({ p50: z.number(), p95: z.number(), p99: z.number(), longest: z.number() }),
  requests: z.number(),
  failures: z.number(),
  refused: z.number(),
  driverLagMs: z.number(),
  /** Cores of the host that neither the environment nor the driver used, but somebody else: a knee beside much of it is too low. */
  othersCpu: z.number(),
  /** Which objective was not kept; null where all were. */
  breach: z.string().nullable(),
  resources: z.array(resourceSchema),
});

const uslSchema = z.strictObject({
  lambda: z.number(),
  sigma: z.number(),
  kappa: z.number(),
  relativeError: z.number(),
  rSquared: z.number(),
  points: z.number(),
  peak: z.strictObject({ concurrency: z.number(), throughputPerSecond: z.number() }).nullable(),
  boundPerSecond: z.number().nullable(),
});

/** The knee of one topology on one host, as `load capacity` measures and keeps it. It holds for that topology only. */
export const capacityResultSchema = z.strictObject({
  schema: z.literal("shopctl.capacity/1"),
  id: z.string(),
  environment: z.string(),
  at: z.iso.datetime(),
  topology: topologySchema,
  users: z.number(),
  hostCpus: z.number(),
  objectives: z.strictObject({ p95Ms: z.number(), failures: z.number() }),
  /** Lowest rate first. */
  points: z.array(pointSchema),
  /** Highest rate that kept every objective; 0 when none did. */
  kneePerSecond: z.number(),
  /** What ended the search; without a breach the knee is a lower bound. */
  ended: z.enum(["breach", "bounds", "driver", "stopped"]),
  usl: uslSchema.nullable(),
});

export type CapacityResult = z.infer<typeof capacityResultSchema>;
export type CapacityPoint = z.infer<typeof pointSchema>;
export type ResourceUse = z.infer<typeof resourceSchema>;
