import { randomBytes, randomUUID } from "node:crypto";
import { link, readFile, rm } from "node:fs/promises";
import { EngineError, type StackReference } from "./engine.ts";
import { writeDurably } from "./write-durably.ts";

/**
 * Makes a passphrase file (mode 600) unless there is one. Never changes an existing one: the state depends on it. The file
 * gets its name when it is complete, so a full disk or a kill leaves none that is empty.
 */
export async function ensurePassphrase(file: string): Promise<void> {
  const draft = `${file}.${randomUUID()}.tmp`;
  await writeDurably(draft, `${randomBytes(32).toString("base64url")}\n`);
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** The passphrase of a stack's secrets: `PULUMI_CONFIG_PASSPHRASE` where set, else the content of the stack's file. */
export async function readPassphrase(stack: StackReference, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const given = env["PULUMI_CONFIG_PASSPHRASE"];
  if (given !== undefined) return given;
  try {
    // Pulumi trims the file's content too.
    const passphrase = (await readFile(stack.passphraseFile, "utf8")).trim();
    if (passphrase !== "") return passphrase;
  } catch (cause) {
    throw new EngineError("configuration", `the passphrase file ${stack.passphraseFile} cannot be read`, { cause });
  }
  throw new EngineError("configuration", `the passphrase file ${stack.passphraseFile} is empty`);
}
