import { existsSync, readFileSync } from "node:fs";
import { appendFile, mkdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { Mutex } from "../host/mutex.ts";
import type { StoredMessage } from "./sink-config.ts";

/** Size at which the file is put aside; one old file is kept, so the store takes at most twice this. */
const rotateAtBytes = 16 * 1_048_576;
const longestText = 4_000;

export const messageFiles = { current: "messages.jsonl", previous: "messages.1.jsonl" } as const;

/** Ids of this many mails are known: more than the plans take in a day. */
const knownIds = 100_000;

/** Received mails as JSON lines, newest last, of bounded size. */
export class MessageStore {
  readonly #folder: string;
  readonly #writes = new Mutex();
  /** Oldest first. */
  readonly #ids: Set<string>;

  constructor(folder: string) {
    this.#folder = folder;
    const files = [messageFiles.previous, messageFiles.current];
    this.#ids = new Set(files.flatMap((file) => idsIn(join(folder, file))));
  }

  /** Whether a mail of this id was received before. */
  has(id: string | undefined): boolean {
    return id !== undefined && this.#ids.has(id);
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
    if (message.id !== undefined) this.#remember(message.id);
  }

  #remember(id: string): void {
    this.#ids.add(id);
    const [oldest] = this.#ids;
    if (this.#ids.size > knownIds && oldest !== undefined) this.#ids.delete(oldest);
  }
}

function idsIn(file: string): string[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line) => /"id":"((?:[^"\\]|\\.)*)"}$/.exec(line)?.[1] ?? []);
}
