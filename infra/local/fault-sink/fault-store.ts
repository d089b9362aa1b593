import { appendFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { Mutex } from "../host/mutex.ts";
import type { StoredFault } from "./sink-config.ts";

/** Size at which the file is put aside; one old file is kept, so the store takes at most twice this: some thousand faults. */
const rotateAtBytes = 4 * 1_048_576;

export const faultFiles = { current: "faults.jsonl", previous: "faults.1.jsonl" } as const;

/** Reported faults as JSON lines, newest last, of bounded size. */
export class FaultStore {
  readonly #folder: string;
  readonly #writes = new Mutex();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Resolves when they are in the file. */
  async add(faults: readonly StoredFault[]): Promise<void> {
    if (faults.length === 0) return;
    await this.#writes.run(async () => {
      const current = join(this.#folder, faultFiles.current);
      const size = await stat(current).then(
        (found) => found.size,
        () => 0,
      );
      if (size > rotateAtBytes) await rename(current, join(this.#folder, faultFiles.previous));
      await appendFile(current, faults.map((fault) => `${JSON.stringify(fault)}\n`).join(""), { mode: 0o640 });
    });
  }
}
