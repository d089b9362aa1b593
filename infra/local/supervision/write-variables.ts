import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { syncTree } from "../../engine/write-durably.ts";

type Variables = Readonly<Record<string, string>>;

/** What `chpst -e` reads in a service folder: a link to a folder, so that all variables change in one moment. */
const linkName = "env";

/** The content of a variable's file: chpst takes the first line, with NUL standing for a line end. */
export function variableText(value: string): string {
  return `${value.replaceAll("\n", "\0")}\n`;
}

/**
 * Sets the variables of a service. Its process may start at any moment, also after a kill or a power cut in here, and
 * has all of the old or all of the new ones. The old ones stay until the next change: a start may be reading them.
 */
export async function writeVariables(service: string, variables: Variables): Promise<void> {
  const link = join(service, linkName);
  if (await holds(link, variables)) return;
  const current = await readlink(link).catch(() => undefined);
  for (const name of await readdir(service)) {
    if (/^env[-.]/.test(name) && name !== current) await rm(join(service, name), { recursive: true });
  }
  const fresh = `${linkName}-${randomUUID()}`;
  await mkdir(join(service, fresh), { mode: 0o700 });
  for (const [name, value] of Object.entries(variables)) {
    await writeFile(join(service, fresh, name), variableText(value), { mode: 0o600 });
  }
  await syncTree(join(service, fresh));
  // Services of before have a folder here, which a link cannot replace.
  if (current === undefined) await rename(link, `${link}-before`).catch(() => undefined);
  await symlink(fresh, `${link}.new`);
  await rename(`${link}.new`, link);
}

async function holds(folder: string, variables: Variables): Promise<boolean> {
  const wanted = Object.entries(variables);
  const names = await readdir(folder).catch(() => undefined);
  if (names?.length !== wanted.length) return false;
  for (const [name, value] of wanted) {
    if ((await readFile(join(folder, name), "utf8").catch(() => "")) !== variableText(value)) return false;
  }
  return true;
}
