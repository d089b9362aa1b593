import { createHash } from "node:crypto";
import { constants, createReadStream, existsSync } from "node:fs";
import { chmod, copyFile, cp, link, mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { renameDurably } from "../../engine/write-durably.ts";
import { contentHash, filesOf } from "./content-hash.ts";

export interface ReleaseSource {
  /** Folder of the build that is copied. */
  readonly source: string;
  /** `contentHash` of it. */
  readonly hash: string;
  /** Node that runs it; copied too, because accounts of components need not be able to read where it came from. */
  readonly node: string;
}

/** Folder of runtimes, each once, under the hash of its content; a release has a hard link to its own. */
const runtimes = ".runtimes";

/**
 * Copies a build, with the Node that runs it, to `releases/<hash>`, which is never changed afterwards. An existing
 * folder of that name is complete, for it gets its name last. Throws when the build changed since it was hashed.
 */
export async function installRelease(releases: string, release: ReleaseSource): Promise<string> {
  const folder = join(releases, release.hash);
  if (existsSync(folder)) return folder;
  await renameDurably(await draftOf(releases, release), folder);
  return folder;
}

/** Whether an installed release is as it was copied; of its Node only that it is there. */
export function isIntact(folder: string, hash: string): boolean {
  // Beside the build there are its Node and, where the build has none, a package.json.
  const added = [["node"], ["node", "package.json"]];
  return existsSync(join(folder, "node")) && added.some((names) => contentHash(folder, names) === hash);
}

/**
 * Copies a release anew that is not as it was copied; what runs has read its files. False when its build is no longer where it
 * came from: then it stays as it is.
 */
export async function repairRelease(releases: string, release: ReleaseSource): Promise<boolean> {
  const folder = join(releases, release.hash);
  if (isIntact(folder, release.hash)) return true;
  if (!existsSync(release.source) || contentHash(release.source) !== release.hash) return false;
  const draft = await draftOf(releases, release);
  const leaving = await putAside(releases, release.hash);
  await renameDurably(draft, folder);
  await rm(leaving, { recursive: true, force: true });
  return true;
}

async function draftOf(releases: string, release: ReleaseSource): Promise<string> {
  const draft = join(releases, `.new-${release.hash}`);
  await rm(draft, { recursive: true, force: true });
  await cp(release.source, draft, { recursive: true, dereference: true });
  if (contentHash(draft) !== release.hash) {
    await rm(draft, { recursive: true, force: true });
    throw new Error(
      `release ${release.hash} is not in ${releases}, and the build in ${release.source} is another one or changed while it was being copied; run the command again`,
    );
  }
  await makeReadable(draft);
  await link(await installRuntime(releases, release.node), join(draft, "node"));
  return draft;
}

/** Removes a release, and the runtime when no other release has a link to it. */
export async function removeRelease(releases: string, hash: string): Promise<void> {
  await rm(await putAside(releases, hash), { recursive: true, force: true });
  for (const name of await readdir(join(releases, runtimes)).catch(() => [])) {
    const runtime = join(releases, runtimes, name);
    if ((await stat(runtime)).nlink === 1) await rm(runtime, { force: true });
  }
}

/** What has its name is whole, also when its removal is cut off. */
async function putAside(releases: string, hash: string): Promise<string> {
  const leaving = join(releases, `.gone-${hash}`);
  await rm(leaving, { recursive: true, force: true });
  await rename(join(releases, hash), leaving).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  return leaving;
}

async function installRuntime(releases: string, node: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(node, { highWaterMark: 1_048_576 }), hash);
  const target = join(releases, runtimes, `node-${hash.digest("hex").slice(0, 12)}`);
  if (existsSync(target)) return target;
  await mkdir(join(releases, runtimes), { recursive: true, mode: 0o755 });
  const draft = `${target}.${process.pid}.new`;
  await copyFile(node, draft, constants.COPYFILE_FICLONE);
  await chmod(draft, 0o755);
  await renameDurably(draft, target);
  return target;
}

async function makeReadable(folder: string): Promise<void> {
  // Native modules are loaded, not run, but keep the bit that the build gave them.
  for (const file of filesOf(folder)) await chmod(file, file.endsWith(".node") ? 0o755 : 0o644);
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isDirectory()) await chmod(join(entry.parentPath, entry.name), 0o755);
  }
  // Node looks for the nearest package.json to tell modules' types; nothing above the release may answer for it.
  if (!existsSync(join(folder, "package.json"))) await writeFile(join(folder, "package.json"), "{}\n", { mode: 0o644 });
}
