import { linkFile } from "../../engine/link-file.ts";
import { contentOf, removeDead } from "../../engine/remove-dead.ts";
import { identify, isSameProcess } from "./process-identity.ts";

/**
 * Takes a lock for this process if nobody who lives holds it. It comes whole: whoever is killed while taking it leaves
 * nothing that others would wait for. The holder removes the file.
 */
export async function tryLock(file: string): Promise<boolean> {
  const own = JSON.stringify(identify(process.pid));
  const content = await contentOf(file);
  if (content !== undefined && !(await isDead(content))) return false;
  if (content !== undefined && !(await removeDead({ file, content, isDead }, own))) return false;
  return await linkFile(file, own);
}

/** Whether somebody who lives holds it. */
export async function isLocked(file: string): Promise<boolean> {
  const content = await contentOf(file);
  return content !== undefined && !(await isDead(content));
}

/** What does not name a process was torn when the machine went down, and nobody's. */
async function isDead(content: string): Promise<boolean> {
  try {
    return !isSameProcess(JSON.parse(content) as { pid: number; startTicks: number });
  } catch {
    return true;
  }
}
