import type { LockHolder } from "../../infra/engine/engine.ts";

/** Who holds a lock, without anything that could be secret in its arguments (there are none by rule). */
export function holderText(holder: LockHolder | undefined): string {
  if (holder === undefined) return "its process is not known";
  const where = holder.host === undefined ? "" : ` on ${holder.host}`;
  return `process ${holder.pid}${where}, since ${holder.startedAt}: ${holder.command}`;
}

/** A list of names for a sentence of its own. */
export function known(what: string, names: readonly string[]): string {
  return names.length === 0 ? `there are no ${what}` : `${what}: ${names.join(", ")}`;
}

/** The way out of an environment that cannot be destroyed by its state. */
export function lastResort(environment: string): string {
  return `shopctl env destroy ${environment} --force --confirm ${environment}   (last resort: its data goes too)`;
}
