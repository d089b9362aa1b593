import { isRoot } from "../host/os-users.ts";
import { program } from "../host/programs.ts";
import type { ServiceDefinition } from "./service-definition.ts";

/** The `run` script: joins its cgroup, takes its environment from files, drops privileges and becomes the process. */
export function runScript(definition: ServiceDefinition, groupFolders: readonly string[]): string {
  const identity = isRoot() ? `-u ${definition.user.name} ` : "";
  const joins = groupFolders.map((folder) => `echo $$ > ${quote(`${folder}/cgroup.procs`)} 2>/dev/null\n`);
  return `#!/bin/sh
exec 2>&1
${joins.join("")}exec ${quote(program("chpst"))} -e ./env ${identity}${definition.command.map(quote).join(" ")}
`;
}

/** The logger: svlogd rotates by size (1 MB, ten files) and stamps each line in UTC. */
export function logScript(definition: ServiceDefinition, folder: string): string {
  const identity = isRoot() ? `${quote(program("chpst"))} -u ${definition.user.name} ` : "";
  return `#!/bin/sh
exec ${identity}${quote(program("svlogd"))} -tt ${quote(folder)}
`;
}

/** Replaces runit's TERM by the signal that this program wants. */
export function stopScript(signal: "INT"): string {
  return `#!/bin/sh
kill -${signal} "$(cat supervise/pid)"
`;
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
