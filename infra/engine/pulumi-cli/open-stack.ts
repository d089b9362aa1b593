import { mkdir, readlink, rm, symlink } from "node:fs/promises";
import { basename, delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type * as automationModule from "@pulumi/pulumi/automation/index.js";
import type { LocalWorkspace, Stack } from "@pulumi/pulumi/automation/index.js";
import type { StackReference } from "../engine.ts";
import { installation } from "../../installation.ts";
import type { PulumiCli } from "./find-cli.ts";

type Automation = typeof automationModule;

/** The Automation API on one stack's work folder; nothing of it is loaded before it is needed (1.4 s). */
export interface OpenedWorkspace {
  readonly automation: Automation;
  readonly workspace: LocalWorkspace;
}

export async function openWorkspace(cli: PulumiCli, stack: StackReference): Promise<OpenedWorkspace> {
  const { default: automation } = (await import("@pulumi/pulumi/automation/index.js")) as unknown as {
    default: Automation;
  };
  if (stack.backendUrl.startsWith("file:///")) await mkdir(fileURLToPath(stack.backendUrl), { recursive: true });
  const pulumiCommand = await automation.PulumiCommand.get({ root: await rootOf(cli, stack) });
  const workspace = await automation.LocalWorkspace.create({
    workDir: stack.workDir,
    pulumiCommand,
    secretsProvider: stack.secretsProvider ?? "passphrase",
    envVars: environmentFor(cli, stack),
  });
  return { automation, workspace };
}

/**
 * The Automation API takes a CLI at `<root>/bin/pulumi` or else the first one on PATH, which under npm is the package that
 * downloads one. A CLI anywhere else is linked to in the work folder.
 */
async function rootOf(cli: PulumiCli, stack: StackReference): Promise<string> {
  if (basename(dirname(cli.binary)) === "bin") return dirname(dirname(cli.binary));
  const root = join(stack.workDir, ".pulumi-cli");
  const link = join(root, "bin", "pulumi");
  await mkdir(dirname(link), { recursive: true });
  if ((await readlink(link).catch(() => undefined)) !== cli.binary) {
    await rm(link, { force: true });
    await symlink(cli.binary, link);
  }
  return root;
}

/** The stack, made when it is not there yet. */
export async function openStack(cli: PulumiCli, stack: StackReference): Promise<Stack> {
  const { automation, workspace } = await openWorkspace(cli, stack);
  return await automation.Stack.createOrSelect(stack.stack, workspace);
}

/** The stack; undefined when it was never made. */
export async function openExistingStack(cli: PulumiCli, stack: StackReference): Promise<Stack | undefined> {
  const { automation, workspace } = await openWorkspace(cli, stack);
  try {
    return await automation.Stack.select(stack.stack, workspace);
  } catch (error) {
    if (error instanceof automation.StackNotFoundError) return undefined;
    throw error;
  }
}

/** What a CLI needs to know of a stack. */
export function environmentFor(cli: PulumiCli, stack: StackReference): Record<string, string> {
  const given = process.env["PULUMI_CONFIG_PASSPHRASE"];
  return {
    PULUMI_BACKEND_URL: stack.backendUrl,
    ...(given === undefined
      ? { PULUMI_CONFIG_PASSPHRASE_FILE: stack.passphraseFile }
      : { PULUMI_CONFIG_PASSPHRASE: given }),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    NO_COLOR: "1",
    // Programs and plugins are for the Node that runs shopctl, not for an older one that the machine may have.
    PATH: [dirname(installation.node), dirname(cli.binary), process.env["PATH"] ?? ""].join(delimiter),
  };
}
