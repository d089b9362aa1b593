import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { accepted, refused, type Outcome } from "../shop/refusal.ts";
import { maxBodyBytes } from "../contract/problems.ts";
import { unreadableBody } from "./read-body.ts";

/** JSON in UTF-8, sent as it is, of a length that is told and allowed: what every usual client sends. */
export function hasPlainBody(headers: IncomingHttpHeaders): boolean {
  const length = Number(headers["content-length"]);
  return (
    length > 0 &&
    length <= maxBodyBytes &&
    headers["content-encoding"] === undefined &&
    headers["transfer-encoding"] === undefined &&
    /^application\/json(; ?charset=utf-8)?$/i.test(headers["content-type"] ?? "")
  );
}

/** Reads such a body, as Express would. */
export async function readPlainBody(request: IncomingMessage): Promise<Outcome<unknown>> {
  const bytes = await readAll(request);
  // Without a mark of byte order, and only an object or a list.
  const text = bytes && new TextDecoder().decode(bytes);
  if (text === undefined || !/^\s*[[{]/.test(text)) return refused(unreadableBody);
  try {
    return accepted(JSON.parse(text));
  } catch {
    return refused(unreadableBody);
  }
}

/** Undefined when the client went away: nobody will see the answer. */
function readAll(request: IncomingMessage): Promise<Buffer | undefined> {
  const { promise, resolve } = Promise.withResolvers<Buffer | undefined>();
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.once("end", () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
  request.once("error", () => resolve(undefined));
  return promise;
}
