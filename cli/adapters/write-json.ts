import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** Replaces a JSON file so that a reader, or a crash, meets the old content or the new one, never a part (mode 600). */
export async function writeJson(file: string, value: unknown): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o755 });
  const fresh = `${file}.${randomUUID()}.tmp`;
  try {
    const handle = await open(fresh, "wx", 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(value, undefined, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}
