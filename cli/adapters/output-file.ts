import { access, constants, stat, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { makeFolder, requireWritableFolder } from "../../infra/engine/make-folder.ts";
import { FailureError } from "../errors/failure.ts";

/** Where a command is to write its result. */
export interface OutputFile {
  /** As it was given. */
  readonly file: string;
  readonly option: string;
}

/**
 * Refuses, before the work begins, a file that could not be written at its end; makes nothing. Throws FailureError
 * `configuration`.
 */
export async function requireOutput({ file, option }: OutputFile): Promise<void> {
  try {
    const found = await stat(resolve(file)).catch(() => undefined);
    if (found?.isDirectory() === true) throw new Error("it is a folder");
    if (found === undefined) await requireWritableFolder(dirname(resolve(file)));
    else await access(file, constants.W_OK);
  } catch (error) {
    throw new FailureError({
      code: "configuration",
      what: `${file} cannot be written`,
      why: error instanceof Error ? error.message : String(error),
      next: [`${option} with a file in a folder of yours; a folder that is missing is made`],
    });
  }
}

/** Writes it, with the folders on the way that are missing. */
export async function writeOutput(file: string, content: string): Promise<void> {
  await makeFolder(dirname(resolve(file)), 0o755);
  await writeFile(file, content);
}
