import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import type { StackReference } from "../engine/engine.ts";
import type { Topology } from "../topology/topology.ts";
import { credentialsSchema } from "./environment.ts";
import { readRoles } from "../local/replication/server-roles.ts";
import type { Credentials, Environment, LocalEnvironment, PrimaryServer } from "./environment.ts";
import { awsStack } from "../aws/aws-stack.ts";
import { localStack } from "../local/local-stack.ts";
import type { StackContent } from "./stack-content.ts";
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
    ...(environment.target === "local" ? {} : { secretsProvider: environment.secretsProvider }),
  };
}

/** Puts secrets into a stack's configuration; by the engine where its secrets provider is no passphrase. */
type Seal = (stack: StackReference, secrets: Readonly<Record<string, unknown>>) => Promise<void>;

/**
 * Makes the project and configuration of a new environment's stack, with credentials that nobody else has; run again it
 * keeps the credentials that there are. Starts nothing.
 */
export async function initialiseStack(
  environment: Environment,
  topology: Topology,
  seal: Seal = sealByPassphrase,
): Promise<StackReference> {
  const { ensurePassphrase, readConfig, setConfig, writeProject } = await import("../engine/project-files.ts");
  const stack = stackOf(environment);
  await mkdir(stack.workDir, { recursive: true, mode: 0o700 });
  // A backend that somebody else chose is theirs to prepare.
  if (process.env["PULUMI_BACKEND_URL"] === undefined)
    await mkdir(fileURLToPath(stack.backendUrl), { recursive: true, mode: 0o700 });
  await ensurePassphrase(stack.passphraseFile);
  const { project: files, config, newCredentials } = stackContent(environment, process.env);
  await writeProject(stack, files);
  const before = await readConfig(stack);
  if (!("shopctl:credentials" in before)) await seal(stack, { "shopctl:credentials": newCredentials() });
  await setConfig(stack, {
    "shopctl:target": { value: environment.target },
    "shopctl:topology": { value: topology },
    ...config,
  });
  return stack;
}

const sealByPassphrase: Seal = async (stack, secrets) => {
  const { setSecrets } = await import("../engine/project-files.ts");
  await setSecrets(stack, secrets);
};

function stackContent(environment: Environment, env: NodeJS.ProcessEnv): StackContent {
  return environment.target === "local" ? localStack(environment) : awsStack(environment, env);
}

/**
 * Has this installation of shopctl run a stack's program and provider: the one that made the stack may lie elsewhere, or be
 * another version, or be gone. Does nothing to a stack that is not made yet.
 */
export async function adoptStack(environment: Environment): Promise<void> {
  const { readProject, writeProject } = await import("../engine/project-files.ts");
  const stack = stackOf(environment);
  const { project } = stackContent(environment, process.env);
  const before = await readProject(stack).catch(() => undefined);
  if (before !== undefined && !isDeepStrictEqual(before, project)) await writeProject(stack, project);
}

/**
 * Puts another topology into the stack's configuration, and whatever else its target knows better than the stack; the next
 * `up` makes it real.
 */
export async function configureTopology(environment: Environment, topology: Topology): Promise<void> {
  const { setConfig } = await import("../engine/project-files.ts");
  const stack = stackOf(environment);
  if (environment.target === "local") {
    await setConfig(stack, { "shopctl:topology": { value: topology } });
    // Which server is the primary is taken from the host: a failover did not wait for the stack.
    const roles = readRoles(environment.paths);
    if (roles !== undefined) await configurePrimary(environment, { server: roles.primary, term: roles.term });
    return;
  }
  const { config } = awsStack(environment, process.env);
  await setConfig(stack, { "shopctl:topology": { value: topology }, ...config });
}

/** Says which database server is to be the primary; the next `up` makes it so. */
export async function configurePrimary(environment: LocalEnvironment, primary: PrimaryServer): Promise<void> {
  const { setConfig } = await import("../engine/project-files.ts");
  await setConfig(stackOf(environment), { "shopctl:primary": { value: primary } });
}

/** Reads the credentials of an environment; they must not be shown or logged. */
export async function readCredentials(environment: LocalEnvironment): Promise<Credentials> {
  const { readConfig } = await import("../engine/project-files.ts");
  const config = await readConfig(stackOf(environment), { decrypt: true });
  return credentialsSchema.parse(config["shopctl:credentials"]);
}
