import { basename, dirname } from "node:path";
import { EngineError } from "../engine/engine.ts";
import type { ProviderPlugin } from "../engine/project-files.ts";

/** Executable that stands in for Pulumi's aws plugin in a rehearsal; AWS itself is then what `AWS_ENDPOINT_URL` names. */
const standInVariable = "SHOPCTL_AWS_STAND_IN";

/** Address of what answers as the shop in a rehearsal; a domain that nobody owns answers nothing. */
const shopVariable = "SHOPCTL_AWS_STAND_IN_SHOP";

/**
 * The stand-in that a rehearsal names, as a plugin of the project; undefined for AWS itself. Throws EngineError
 * `configuration` unless the endpoint is on this machine: a rehearsal that reached an account would be none.
 */
export function standIn(env: NodeJS.ProcessEnv): ProviderPlugin | undefined {
  const executable = env[standInVariable];
  if (executable === undefined || executable === "") return undefined;
  if (basename(executable) !== "pulumi-resource-aws")
    throw new EngineError("configuration", `${standInVariable} must name a pulumi-resource-aws, not ${executable}`);
  requireLocalAddress("AWS_ENDPOINT_URL", env["AWS_ENDPOINT_URL"]);
  return { name: "aws", path: dirname(executable) };
}

/** Address of the rehearsal's shop; undefined for AWS itself. Throws EngineError `configuration` for one elsewhere. */
export function standInShop(env: NodeJS.ProcessEnv): string | undefined {
  const url = env[shopVariable];
  if (url === undefined || url === "" || standIn(env) === undefined) return undefined;
  requireLocalAddress(shopVariable, url);
  return url;
}

function requireLocalAddress(variable: string, url = ""): void {
  const { protocol, hostname } = URL.canParse(url) ? new URL(url) : { protocol: "", hostname: "" };
  if (protocol === "http:" && hostname === "127.0.0.1") return;
  throw new EngineError(
    "configuration",
    `${standInVariable} is for rehearsals on this machine: ${variable} must be http://127.0.0.1:PORT, it is ${url === "" ? "not set" : url}`,
  );
}

/** Why the embedded engine does not run the AWS program; undefined in a rehearsal. */
export function notEmbedded(env: NodeJS.ProcessEnv): string | undefined {
  if (standIn(env) !== undefined) return undefined;
  return (
    "an environment on AWS needs the Pulumi CLI, and none answers `pulumi version` (or SHOPCTL_ENGINE is embedded): the " +
    "embedded engine has no plugin for AWS and is not meant for an account. Install it from " +
    "https://www.pulumi.com/docs/iac/download-install/, or let SHOPCTL_ENGINE=pulumi fetch it from npm; " +
    "`shopctl env create NAME --target aws --dry-run` shows the outline without it"
  );
}
