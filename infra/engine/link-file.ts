import { randomUUID } from "node:crypto";
import { link, rm, writeFile } from "node:fs/promises";

/**
 * Makes a file (mode 600) whole or not at all; false when there is one. Linking a finished file is atomic: of many at
 * once one has it, and who is killed in the middle leaves nothing under that name.
 */
export async function linkFile(file: string, content: string): Promise<boolean> {
  const fresh = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(fresh, content, { mode: 0o600 });
    await link(fresh, file);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(fresh, { force: true });
  }
}
