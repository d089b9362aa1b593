import { execFileSync } from "node:child_process";

/** Identity for processes that refuse root: Debian's account `name` when this is root, nothing to change otherwise. */
export function osUser(name: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number => Number(execFileSync("id", [flag, name], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}
