import { readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { z } from "zod";
import { Mutex } from "../host/mutex.ts";
import type { Counts } from "./quota.ts";
import { emptyCounts } from "./quota.ts";

const countsSchema = z.object({
  smtpAccepted: z.int(),
  apiAccepted: z.int(),
  refused: z.int(),
  smtpDay: z.array(z.object({ minute: z.int(), recipients: z.int() })),
  apiMonth: z.object({ month: z.string(), recipients: z.int() }),
});

/** Several mails a second would otherwise write the file as often. */
const saveAfterMs = 200;

/** Keeps the counts on disk; a kill loses at most the last 200 ms of them. */
export class CountFile {
  readonly counts: Counts;
  readonly #path: string;
  readonly #writes = new Mutex();
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string) {
    this.#path = path;
    this.counts = load(path);
  }

  changed(): void {
    this.#timer ??= setTimeout(
      () => void this.save().catch((error: unknown) => console.error("counts were not saved:", error)),
      saveAfterMs,
    );
  }

  async save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#writes.run(async () => {
      await writeFile(`${this.#path}.new`, JSON.stringify(this.counts), { mode: 0o640 });
      await rename(`${this.#path}.new`, this.#path);
    });
  }
}

function load(path: string): Counts {
  try {
    return countsSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return emptyCounts();
  }
}
