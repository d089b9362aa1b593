import { existsSync } from "node:fs";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { z } from "zod";
import { Mutex } from "../../host/mutex.ts";
import { installRelease, isIntact, removeRelease, repairRelease } from "../../release/install-release.ts";
import { keepRelease, releaseTaken } from "../../release/kept-releases.ts";
import { compare } from "../../observation/difference.ts";
import type { ResourceHandler, Say } from "../resource-handler.ts";

const inputs = z.strictObject({
  releases: z.string(),
  source: z.string(),
  hash: z.string().regex(/^[0-9a-f]{12}$/),
  node: z.string(),
  /** How many builds of its kind stay once nothing runs them, so that there is a way back; none for programs of shopctl itself. */
  keep: z.int().min(0).default(0),
});
type Inputs = z.infer<typeof inputs>;
export const releaseOutputs = z.object({ folder: z.string(), incarnation: z.string() });

// Two releases of one update share a runtime file.
const oneAtATime = new Mutex();

/**
 * A build, copied under the hash of its content before it runs, so that a later build cannot change what is running.
 * One that stands in its folder already, copied by a deployment or kept by an earlier one, is taken; what was changed in it
 * is put right while its build is where it came from, and else said.
 */
export const release: ResourceHandler<Inputs, z.infer<typeof releaseOutputs>> = {
  inputs,
  replacedBy: ["hash"],
  ignored: ["source", "node"],
  async create(wanted, say) {
    return { id: wanted.hash, outputs: await install(wanted, randomUUID(), say) };
  },
  update: (wanted, { incarnation }, say) => install(wanted, incarnation, say),
  exists: async ({ folder }) => existsSync(folder),
  async observe({ folder, hash }) {
    return compare("files", "as they were copied", isIntact(folder, hash) ? "as they were copied" : "changed");
  },
  async remove({ releases, hash, incarnation, keep }) {
    // A later creation of the same content owns the folder now: the old one's deletion must leave it alone.
    const owner = await readFile(ownerFile(releases, hash), "utf8").catch(() => incarnation);
    if (owner !== incarnation) return;
    await oneAtATime.run(() => (keep > 0 ? keepRelease(releases, hash, keep) : removeRelease(releases, hash)));
    await rm(ownerFile(releases, hash), { force: true });
  },
};

async function install(wanted: Inputs, incarnation: string, say: Say): Promise<z.infer<typeof releaseOutputs>> {
  const folder = await oneAtATime.run(() => installRelease(wanted.releases, wanted));
  if (!(await oneAtATime.run(() => repairRelease(wanted.releases, wanted))))
    say(`release ${wanted.hash} was changed since it was copied, and ${wanted.source} is another build: deploy one`);
  await writeFile(ownerFile(wanted.releases, wanted.hash), incarnation);
  await releaseTaken(wanted.releases, wanted.hash);
  return { folder, incarnation };
}

function ownerFile(releases: string, hash: string): string {
  return join(releases, `.owner-${hash}`);
}
