import { createServer, type IncomingMessage, type Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Counter, type Registry } from "prom-client";
import { z } from "zod";
import { cdnPurgePath, purgeRequestSchema } from "../../../service/contract/cdn.ts";
import { isSameSecret } from "../mail-sink/same-secret.ts";
import type { ControlEnvironment } from "./control-config.ts";
import { purgeCache } from "./purge-cache.ts";

const largestBodyBytes = 65_536;
/** An answer that was on its way from the shop when the purge came is kept after it: a second purge takes it out again. */
const againAfterMs = 1_000;

/** `POST /purge` with the key, as CloudFront's CreateInvalidation is for a distribution; `GET /metrics`; `GET /healthz`. */
export function takePurges(config: ControlEnvironment, registry: Registry): Server {
  const purges = new Counter({ name: "cdn_purges_total", help: "Purges that were asked for", registers: [registry] });
  const forgotten = new Counter({
    name: "cdn_purged_answers_total",
    help: "Answers that were forgotten",
    registers: [registry],
  });

  async function purge(paths: readonly string[]): Promise<number> {
    const count = await purgeCache(config.CDN_CACHE, paths);
    forgotten.inc(count);
    return count;
  }

  async function answerPurge(request: IncomingMessage): Promise<Answer> {
    const key = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
    const body = await readBounded(request);
    if (!isSameSecret(key, config.CDN_PURGE_KEY)) return json(401, { error: "the key is wrong" });
    const parsed = purgeRequestSchema.safeParse(parseJson(body));
    if (!parsed.success) return json(400, { error: z.prettifyError(parsed.error) });
    const { paths } = parsed.data;
    purges.inc();
    const count = await purge(paths);
    console.log(JSON.stringify({ purged: paths, answers: count }));
    void sleep(againAfterMs, undefined, { ref: false }).then(() => purge(paths));
    return json(200, { purged: count });
  }

  async function answer(request: IncomingMessage): Promise<Answer> {
    const asked = `${request.method} ${request.url}`;
    if (asked === `POST ${cdnPurgePath}`) return answerPurge(request);
    if (asked === "GET /healthz") return json(200, { status: "alive" });
    if (asked !== "GET /metrics") return json(404, { error: "not found" });
    return { status: 200, type: registry.contentType, body: await registry.metrics() };
  }

  return createServer((request, response) => {
    void answer(request)
      .catch((error: unknown) => {
        console.error(error);
        return json(500, { error: "internal error" });
      })
      .then(({ status, type, body }) => response.writeHead(status, { "content-type": type }).end(body));
  });
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

function json(status: number, body: object): Answer {
  return { status, type: "application/json", body: JSON.stringify(body) };
}

/** Empty when it is too large. */
async function readBounded(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size <= largestBodyBytes) chunks.push(bytes);
  }
  return size > largestBodyBytes ? "" : Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
