import { isRoot } from "../host/os-users.ts";
import { program } from "../host/programs.ts";
import type { ServiceDefinition } from "./service-definition.ts";

/** The `run` script: joins its cgroup, takes its environment from files, drops privileges and becomes the process. */
export function runScript(definition: ServiceDefinition, groupFolders: readonly string[]): string {
  const identity = isRoot() ? `-u ${definition.user.name} ` : "";
  const joins = groupFolders.map((folder) => `echo $$ > ${quote(`${folder}/cgroup.procs`)} 2>/dev/null\n`);
  return `#!/bin/sh
exec 2>&1
${leftovers(definition)}${joins.join("")}exec ${quote(program("chpst"))} -e ./env ${identity}${definition.command.map(quote).join(" ")}
`;
}

/** Processes of this program that work in this service's folder, as only those do that an earlier run of it left. */
function leftovers({ endsLeftover }: ServiceDefinition): string {
  if (endsLeftover === undefined) return "";
  return `for left in /proc/[0-9]*; do
  read -r name 2>/dev/null < "$left/comm" || continue
  if [ "$name" = ${endsLeftover} ] && [ "$(readlink "$left/cwd")" = "$PWD" ]; then kill -KILL "\${left#/proc/}"; fi
done
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
export function stopScript(signal: "INT" | "QUIT"): string {
  return `#!/bin/sh
kill -${signal} "$(cat supervise/pid)"
`;
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
