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
    const lines = (await readFile(join(data, file), "utf8").catch(() => "")).split("\n");
    for (const line of lines.toReversed()) {
      if (messages.length === options.limit) return messages;
      const message = parseLine(line);
      if (message !== undefined) messages.push(message);
    }
  }
  return messages;
}

/** Undefined for the line that is just being written. */
function parseLine(line: string): StoredMessage | undefined {
  try {
    return storedMessageSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
