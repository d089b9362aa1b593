import { z } from "zod";
import { portPlanOf } from "./port-plan.ts";

export type { PortPlan } from "./port-plan.ts";

/** 1–20 lower-case letters, digits and dashes: it becomes a stack name, a folder and part of cgroup names. */
export const environmentNameSchema = z.string().regex(/^[a-z][a-z0-9-]{0,19}$/);

/** Folders of one environment; absolute paths. Only `env destroy` removes them. */
export const pathPlanSchema = z.strictObject({
  /** The environment's own folder; all others are inside. */
  root: z.string(),
  /** runit service folders, one a supervised process. */
  services: z.string(),
  /** Data directories, one a component. */
  data: z.string(),
  /** Sockets and pid files. */
  run: z.string(),
  /** Logs, one folder a process (svlogd). */
  logs: z.string(),
  /** Generated configuration files. */
  config: z.string(),
  /** Content-addressed releases of the service. */
  releases: z.string(),
  backups: z.string(),
});
export type PathPlan = z.infer<typeof pathPlanSchema>;

/** What `env create` fixes for good: identity, ports, paths. Contains no secret. */
export const environmentSchema = z.strictObject({
  version: z.literal(1),
  name: environmentNameSchema,
  target: z.enum(["local"]),
  createdAt: z.iso.datetime(),
  // A plan follows from its first port; one made before a component existed has that component's port too.
  ports: z.looseObject({ router: z.int() }).transform(({ router }) => portPlanOf(router)),
  paths: pathPlanSchema,
});
export type Environment = z.infer<typeof environmentSchema>;

/** Which database server is the primary: 0 is the first one; `term` counts the changes. */
export const primaryServerSchema = z.strictObject({ server: z.int().min(0), term: z.int().min(0) });
export type PrimaryServer = z.infer<typeof primaryServerSchema>;

/** Generated secrets of an environment; only ever stored encrypted in the stack's configuration. */
export const credentialsSchema = z.strictObject({
  /** Role of the service. */
  databaseShop: z.string(),
  /** Role that PgBouncer looks passwords up with. */
  databasePooler: z.string(),
  redis: z.string(),
  smtp: z.string(),
  sendgrid: z.string(),
});
export type Credentials = z.infer<typeof credentialsSchema>;
