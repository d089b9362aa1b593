import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { StackReference } from "../engine/engine.ts";
import { installation } from "../installation.ts";
import type { Topology } from "../topology/topology.ts";
import { credentialsSchema } from "./environment.ts";
import { readRoles } from "../local/replication/server-roles.ts";
import type { Credentials, Environment, PrimaryServer } from "./environment.ts";
import { homeOf } from "./path-plan.ts";

const project = "shopctl";

/** The Pulumi stack of an environment; `PULUMI_BACKEND_URL` and `PULUMI_CONFIG_PASSPHRASE_FILE` override where its state and passphrase are. */
export function stackOf(environment: Environment, env: NodeJS.ProcessEnv = process.env): StackReference {
  const home = homeOf(environment.paths);
  return {
    project,
    stack: environment.name,
    workDir: join(environment.paths.root, "pulumi"),
    backendUrl: env["PULUMI_BACKEND_URL"] ?? `file://${join(home, "state")}`,
    passphraseFile: env["PULUMI_CONFIG_PASSPHRASE_FILE"] ?? join(home, "passphrase"),
  };
}

/**
 * Makes the project and configuration of a new environment's stack, with credentials that nobody else has; run again it
 * keeps the credentials that there are. Starts nothing.
 */
export async function initialiseStack(environment: Environment, topology: Topology): Promise<StackReference> {
  const { ensurePassphrase, readConfig, setConfig, writeProject } = await import("../engine/project-files.ts");
  const stack = stackOf(environment);
  await mkdir(stack.workDir, { recursive: true, mode: 0o700 });
  // A backend that somebody else chose is theirs to prepare.
  if (process.env["PULUMI_BACKEND_URL"] === undefined)
    await mkdir(fileURLToPath(stack.backendUrl), { recursive: true, mode: 0o700 });
  await ensurePassphrase(stack.passphraseFile);
  await writeProject(stack, {
    main: installation.program,
    providers: [{ name: "shopctl", path: installation.provider }],
  });
  const before = await readConfig(stack);
  const credentials =
    "shopctl:credentials" in before ? {} : { "shopctl:credentials": { value: newCredentials(), secret: true } };
  await setConfig(stack, {
    "shopctl:target": { value: environment.target },
    "shopctl:topology": { value: topology },
    "shopctl:environment": { value: environment },
    ...credentials,
  });
  return stack;
}

/**
 * Puts another topology into the stack's configuration; the next `up` makes it real. Which database server is the primary
 * is taken from the host: a failover did not wait for the stack.
 */
export async function configureTopology(environment: Environment, topology: Topology): Promise<void> {
  const { setConfig } = await import("../engine/project-files.ts");
  await setConfig(stackOf(environment), { "shopctl:topology": { value: topology } });
  const roles = readRoles(environment.paths);
  if (roles !== undefined) await configurePrimary(environment, { server: roles.primary, term: roles.term });
}

/** Says which database server is to be the primary; the next `up` makes it so. */
export async function configurePrimary(environment: Environment, primary: PrimaryServer): Promise<void> {
  const { setConfig } = await import("../engine/project-files.ts");
  await setConfig(stackOf(environment), { "shopctl:primary": { value: primary } });
}

/** Reads the credentials of an environment; they must not be shown or logged. */
export async function readCredentials(environment: Environment): Promise<Credentials> {
  const { readConfig } = await import("../engine/project-files.ts");
  const config = await readConfig(stackOf(environment), { decrypt: true });
  return credentialsSchema.parse(config["shopctl:credentials"]);
}

/** 192 bits each, of letters, digits, `-` and `_`, so that they stand in URLs and configuration files as they are. */
function newCredentials(): Credentials {
  const secret = (): string => randomBytes(24).toString("base64url");
  return {
    databaseShop: secret(),
    databasePooler: secret(),
    redis: secret(),
    smtp: secret(),
    sendgrid: `SG.${secret()}`,
  };
}
