import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { HostError } from "../host/host-error.ts";
import { isPortFree } from "../host/free-port.ts";

export interface PortRange {
  readonly first: number;
  readonly count: number;
}

export interface PortPair {
  readonly http: number;
  readonly internal: number;
}

/**
 * The port pair of an instance: the one that it claimed before, or the first free one of the range. A claim is a file
 * named for the port, so that two creations, even of two processes, never take the same. Throws HostError `refused`.
 */
export async function claimPorts(folder: string, owner: string, range: PortRange): Promise<PortPair> {
  const before = await claimOf(folder, owner);
  if (before !== undefined) return pairAt(before);
  for (let port = range.first; port + 1 < range.first + range.count; port += 2) {
    if (!(await tryClaim(folder, owner, port))) continue;
    if ((await isPortFree(port)) && (await isPortFree(port + 1))) return pairAt(port);
    await rm(join(folder, String(port)), { force: true });
  }
  throw new HostError(
    "refused",
    `no two free ports in ${range.first}–${range.first + range.count - 1} for ${owner}; something else listens there`,
  );
}

export async function releasePorts(folder: string, owner: string): Promise<void> {
  const port = await claimOf(folder, owner);
  if (port !== undefined) await rm(join(folder, String(port)), { force: true });
}

/** Names of all that hold a claim. */
export async function portOwners(folder: string): Promise<readonly string[]> {
  const claims = await readClaims(folder);
  return claims.map(({ owner }) => owner);
}

async function claimOf(folder: string, owner: string): Promise<number | undefined> {
  const claims = await readClaims(folder);
  return claims.find((claim) => claim.owner === owner)?.port;
}

/** Every claim that holds now. One that another instance gives up while the folder is read is nobody's. */
async function readClaims(folder: string): Promise<readonly { readonly port: number; readonly owner: string }[]> {
  const files = (await orMissing(readdir(folder))) ?? [];
  const owners = await Promise.all(files.map((file) => orMissing(readFile(join(folder, file), "utf8"))));
  return files.flatMap((file, at) => (owners[at] === undefined ? [] : [{ port: Number(file), owner: owners[at] }]));
}

async function orMissing<Content>(reading: Promise<Content>): Promise<Content | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

async function tryClaim(folder: string, owner: string, port: number): Promise<boolean> {
  try {
    await writeFile(join(folder, String(port)), owner, { flag: "wx", mode: 0o644 });
    return true;
  } catch {
    return false;
  }
}

function pairAt(port: number): PortPair {
  return { http: port, internal: port + 1 };
}
