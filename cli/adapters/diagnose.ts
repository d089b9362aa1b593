import { existsSync } from "node:fs";
import { accountName } from "../../infra/engine/account-name.ts";
import { requireWritableFolder } from "../../infra/engine/make-folder.ts";
import { freeDiskGiB, neededDiskGiB, unusableCharacters } from "../../infra/environment/check-home.ts";
import { stateHome } from "../../infra/environment/store.ts";
import { installation } from "../../infra/installation.ts";
import { cgroupLayout } from "../../infra/local/host/cgroup-layout.ts";
import { currentUser, findUser, isRoot } from "../../infra/local/host/os-users.ts";
import { findProgram } from "../../infra/local/host/programs.ts";
import { components, installCommands, type Component } from "./components.ts";

/** One thing that was looked at; `warning` means that shopctl works, with less. */
export interface Finding {
  readonly what: string;
  readonly level: "ok" | "warning" | "error";
  readonly found: string;
  /** Command that mends it. */
  readonly fix?: string;
}

/** Looks at everything that shopctl needs of this machine; changes nothing. */
export async function diagnose(env: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  return [
    nodeVersion(),
    buildFinding(),
    ...components.filter(onePerPackage).map(componentFinding),
    ...(isRoot() && process.platform === "linux"
      ? ["postgres", "redis", "haproxy", "www-data", "shopctl"].map(accountFinding)
      : ownAccountFindings()),
    await diskFinding(env),
    limitsFinding(),
    await engineFinding(env),
  ];
}

function nodeVersion(): Finding {
  const what = "Node 24 or later";
  const ok = Number(process.versions.node.split(".")[0]) >= 24;
  return ok ? good(what, process.version) : bad(what, process.version, "scripts/setup.sh");
}

function buildFinding(): Finding {
  const missing = [installation.program, installation.provider, installation.serviceRelease].filter(
    (path) => !existsSync(path),
  );
  return missing.length === 0
    ? good("build", "complete")
    : bad("build", `missing: ${missing.join(", ")}`, "npm run build");
}

/** Programs of one package are found or missing together, nearly always: the first missing one speaks for it. */
function onePerPackage(component: Component): boolean {
  const siblings = components.filter(({ debian }) => debian === component.debian);
  const speaker = siblings.find(({ program }) => findProgram(program) === undefined) ?? siblings[0];
  return speaker === component;
}

function componentFinding(component: Component): Finding {
  const path = findProgram(component.program);
  if (path !== undefined) return good(component.debian, path);
  return bad(component.debian, `${component.program} is not installed`, installCommands([component])[0] ?? "");
}

function accountFinding(name: string): Finding {
  const what = `system user ${name}`;
  if (findUser(name) !== undefined) return good(what, "there");
  return bad(
    what,
    "missing: as root, servers run under accounts of their own",
    name === "shopctl" ? "scripts/setup.sh" : "reinstall its package",
  );
}

/** A uid that no account has is all that there is to say. */
function ownAccountFindings(): readonly Finding[] {
  try {
    currentUser();
    return [];
  } catch (error) {
    return [bad("own account", messageOf(error), "useradd --uid UID NAME")];
  }
}

async function diskFinding(env: NodeJS.ProcessEnv): Promise<Finding> {
  const home = stateHome(env);
  const what = "state folder";
  const unusable = unusableCharacters(home);
  if (unusable !== "") return bad(what, `${home} has ${unusable} in it`, "SHOPCTL_HOME=/a/path/without/these");
  try {
    const folder = await requireWritableFolder(home);
    const free = await freeDiskGiB(folder);
    const found = `${home}${folder === home ? "" : " (will be made)"}, ${free.toFixed(1)} GiB free`;
    return free >= neededDiskGiB
      ? good(what, found)
      : bad(what, `${found}, ${neededDiskGiB} are needed`, "SHOPCTL_HOME=/a/larger/disk");
  } catch (error) {
    return bad(what, `${accountName()} cannot use ${home}: ${messageOf(error)}`, "SHOPCTL_HOME=/a/folder/of/yours");
  }
}

function limitsFinding(): Finding {
  const layout = cgroupLayout();
  if (layout !== undefined) return good("tier limits", `enforced by cgroup v${layout.version}`);
  return { what: "tier limits", level: "warning", found: "limits not enforced on this host: no cgroup can be written" };
}

async function engineFinding(env: NodeJS.ProcessEnv): Promise<Finding> {
  const { selectEngine } = await import("../../infra/engine/select-engine.ts");
  try {
    const engine = await selectEngine(env);
    return good("engine", `${engine.kind} ${engine.version}`);
  } catch (error) {
    return bad("engine", messageOf(error), "unset SHOPCTL_ENGINE");
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function good(what: string, found: string): Finding {
  return { what, level: "ok", found };
}

function bad(what: string, found: string, fix: string): Finding {
  return { what, level: "error", found, fix };
}
