import { appendFile, mkdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { Mutex } from "../host/mutex.ts";
import type { StoredMessage } from "./sink-config.ts";

/** Size at which the file is put aside; one old file is kept, so the store takes at most twice this. */
const rotateAtBytes = 16 * 1_048_576;
const longestText = 4_000;

export const messageFiles = { current: "messages.jsonl", previous: "messages.1.jsonl" } as const;

/** Received mails as JSON lines, newest last, of bounded size. */
export class MessageStore {
  readonly #folder: string;
  readonly #writes = new Mutex();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Resolves when the mail is in the file: only then may it be acknowledged. */
  async add(message: StoredMessage): Promise<void> {
    const line = `${JSON.stringify({ ...message, text: message.text.slice(0, longestText) })}\n`;
    await this.#writes.run(async () => {
      await mkdir(this.#folder, { recursive: true });
      const current = join(this.#folder, messageFiles.current);
      const size = await stat(current).then(
        (found) => found.size,
        () => 0,
      );
      if (size > rotateAtBytes) await rename(current, join(this.#folder, messageFiles.previous));
      await appendFile(current, line, { mode: 0o640 });
    });
  }
}
