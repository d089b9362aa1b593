import { createServer, type IncomingMessage, type Server } from "node:http";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { isSameSecret } from "../mail-sink/same-secret.ts";
import type { FaultStore } from "./fault-store.ts";
import { readEnvelope } from "./read-envelope.ts";
import { faultProject } from "./sink-config.ts";

/** Sentry takes envelopes of up to 20 MB; ours are single events. */
const largestBytes = 1_048_576;
const unzip = promisify(gunzip);

/** `POST /api/1/envelope/` as Sentry takes it, with the key of the DSN; `GET /healthz`. */
export function takeEnvelopes(key: string, store: FaultStore): Server {
  async function answer(request: IncomingMessage): Promise<{ status: number; body: object }> {
    const url = new URL(request.url ?? "/", "http://sink");
    if (request.method === "GET" && url.pathname === "/healthz") return { status: 200, body: { status: "alive" } };
    if (request.method !== "POST" || url.pathname !== `/api/${faultProject}/envelope/`)
      return { status: 404, body: { detail: "not found" } };
    const sent = await readBounded(request);
    if (!isSameSecret(keyOf(request, url), key)) return { status: 401, body: { detail: "the key is wrong" } };
    const envelope = sent && (await plain(request, sent));
    if (envelope === undefined) return { status: 413, body: { detail: "too large, or not compressed as it says" } };
    const faults = readEnvelope(envelope, new Date());
    if (faults === undefined) return { status: 400, body: { detail: "no envelope" } };
    await store.add(faults);
    return { status: 200, body: faults.length === 0 ? {} : { id: faults[0]?.id } };
  }

  return createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    void answer(request)
      .catch((error: unknown) => {
        console.error(error);
        return { status: 500, body: { detail: "internal error" } };
      })
      .then(({ status, body }) =>
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body)),
      );
  });
}

/** Libraries put it into the query or into a header. */
function keyOf({ headers }: IncomingMessage, url: URL): string {
  const header = String(headers["x-sentry-auth"] ?? "");
  return url.searchParams.get("sentry_key") ?? /sentry_key=(\w+)/.exec(header)?.[1] ?? "";
}

async function plain({ headers }: IncomingMessage, body: Buffer): Promise<string | undefined> {
  if (headers["content-encoding"] !== "gzip") return body.toString("utf8");
  return unzip(body, { maxOutputLength: largestBytes }).then(
    (text) => text.toString("utf8"),
    () => undefined,
  );
}

/** Undefined when it is too large. */
async function readBounded(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size <= largestBytes) chunks.push(bytes);
  }
  return size > largestBytes ? undefined : Buffer.concat(chunks);
}
