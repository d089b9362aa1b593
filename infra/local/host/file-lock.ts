import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm } from "node:fs/promises";
import { linkFile } from "../../engine/link-file.ts";
import { identify, isSameProcess } from "./process-identity.ts";

/**
 * Takes a lock for this process if nobody who lives holds it. It comes whole: whoever is killed while taking it leaves
 * nothing that others would wait for. The holder removes the file.
 */
export async function tryLock(file: string): Promise<boolean> {
  const held = await contentOf(file);
  if (held !== undefined) {
    if (isHeld(held)) return false;
    await setAside(file, held);
  }
  return await linkFile(file, JSON.stringify(identify(process.pid)));
}

/** Whether somebody who lives holds it. */
export async function isLocked(file: string): Promise<boolean> {
  const content = await contentOf(file);
  return content !== undefined && isHeld(content);
}

/** Moves a dead holder's lock away; should another process have taken it over just now, that one's file goes back. */
async function setAside(file: string, dead: string): Promise<void> {
  const aside = `${file}.${randomUUID()}.dead`;
  try {
    await rename(file, aside);
  } catch {
    return;
  }
  const moved = await contentOf(aside);
  if (moved !== undefined && moved !== dead) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

/** What does not name a process was torn when the machine went down, and nobody's. */
function isHeld(content: string): boolean {
  try {
    return isSameProcess(JSON.parse(content) as { pid: number; startTicks: number });
  } catch {
    return false;
  }
}

async function contentOf(file: string): Promise<string | undefined> {
  return await readFile(file, "utf8").catch(() => undefined);
}
