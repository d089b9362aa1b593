import { z } from "zod";
import { standInShop } from "../aws/stand-in.ts";
import { awsSettingsSchema } from "../aws/settings.ts";
import { environmentNameSchema } from "./environment-name.ts";
import { portPlanOf } from "./port-plan.ts";

export type { PortPlan } from "./port-plan.ts";

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

const common = {
  version: z.literal(1),
  name: environmentNameSchema,
  createdAt: z.iso.datetime(),
  paths: pathPlanSchema,
};

/** What `env create` fixes for good on this machine: identity, ports, paths. Contains no secret. */
export const localEnvironmentSchema = z.strictObject({
  ...common,
  target: z.literal("local"),
  // A plan follows from its first port; one made before a component existed has that component's port too.
  ports: z.looseObject({ router: z.int() }).transform(({ router }) => portPlanOf(router)),
});
export type LocalEnvironment = z.infer<typeof localEnvironmentSchema>;

/** What an environment on AWS is told beside its topology, and where its records are on this machine. Contains no secret. */
export const awsEnvironmentSchema = z.strictObject({
  ...common,
  target: z.literal("aws"),
  settings: awsSettingsSchema,
  /** Who encrypts the stack's secrets: `passphrase`, or a key of a cloud as Pulumi names it. */
  secretsProvider: z
    .string()
    .regex(
      /^(passphrase|(awskms|gcpkms|azurekeyvault|hashivault):\/\/\S+)$/,
      "passphrase, or a key such as awskms://alias/shopctl?region=eu-central-1",
    ),
});
export type AwsEnvironment = z.infer<typeof awsEnvironmentSchema>;

export const environmentSchema = z.discriminatedUnion("target", [localEnvironmentSchema, awsEnvironmentSchema]);
export type Environment = z.infer<typeof environmentSchema>;

/** Where shoppers reach the shop of an environment. */
export function shopUrl(environment: Environment, env: NodeJS.ProcessEnv = process.env): string {
  if (environment.target === "local") return `http://127.0.0.1:${environment.ports.router}`;
  return standInShop(env) ?? `https://${environment.settings.domain}`;
}

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
