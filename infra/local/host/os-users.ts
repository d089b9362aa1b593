import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { HostError } from "./host-error.ts";

/** An account that a process runs as. */
export interface OsUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export type OsUserName = "postgres" | "redis" | "haproxy" | "prometheus" | "www-data" | "shopctl";

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The account of this process. Throws HostError `missing-user` for a uid that no account has, as a container may be given. */
export function currentUser(): OsUser {
  try {
    const { username, uid, gid } = userInfo();
    return { name: username, uid, gid };
  } catch (cause) {
    throw new HostError(
      "missing-user",
      `this process runs as uid ${process.getuid?.() ?? "?"}, which no account has, and Postgres starts under an account only: add one with this uid (useradd --uid), or run shopctl under another`,
      { cause },
    );
  }
}

/**
 * The account that a component runs as: its own when shopctl is root, else that of whoever runs shopctl.
 * Throws HostError `missing-user`.
 */
export function osUser(name: OsUserName): OsUser {
  if (!isRoot()) return currentUser();
  const found = findUser(name);
  if (found === undefined) {
    throw new HostError("missing-user", `this machine has no OS user ${name}; \`shopctl doctor\` says how to make it`);
  }
  return found;
}

/** The entry of /etc/passwd, or undefined. */
export function findUser(name: string): OsUser | undefined {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(":") ?? [];
  return uid === undefined || gid === undefined ? undefined : { name, uid: Number(uid), gid: Number(gid) };
}
