import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { EngineError, type StackReference } from "./engine.ts";

/** Makes a passphrase file (mode 600) unless there is one. Never changes an existing one: the state depends on it. */
export async function ensurePassphrase(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(file, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** The passphrase of a stack's secrets: `PULUMI_CONFIG_PASSPHRASE` where set, else the content of the stack's file. */
export async function readPassphrase(stack: StackReference, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const given = env["PULUMI_CONFIG_PASSPHRASE"];
  if (given !== undefined) return given;
  try {
    // Pulumi trims the file's content too.
    return (await readFile(stack.passphraseFile, "utf8")).trim();
  } catch (cause) {
    throw new EngineError("configuration", `the passphrase file ${stack.passphraseFile} cannot be read`, { cause });
  }
}
