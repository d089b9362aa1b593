import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { LocalEnvironment } from "../../environment/environment.ts";
import { componentPlaces } from "../layout.ts";
import { messageFiles } from "../mail-sink/message-store.ts";
import { storedMessageSchema } from "../mail-sink/sink-config.ts";
import type { StoredMessage } from "../mail-sink/sink-config.ts";

/** The mails that the sink received last, newest first. */
export async function readMailbox(
  environment: LocalEnvironment,
  options: { readonly limit: number },
): Promise<readonly StoredMessage[]> {
  const { data } = componentPlaces(environment.paths).mailSink;
  const messages: StoredMessage[] = [];
  for (const file of [messageFiles.current, messageFiles.previous]) {
    const lines = (await readFile(join(data, file), "utf8").catch(noneYet)).split("\n");
    for (const line of lines.toReversed()) {
      if (messages.length === options.limit) return messages;
      const message = parseLine(line);
      if (message !== undefined) messages.push(message);
    }
  }
  return messages;
}

/** A file that is not there was not written yet; one that may not be read is no empty mailbox. */
function noneYet(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "";
  throw error;
}

/** Undefined for the line that is just being written. */
function parseLine(line: string): StoredMessage | undefined {
  try {
    return storedMessageSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
