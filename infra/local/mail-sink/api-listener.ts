import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { CountFile } from "./count-file.ts";
import type { MessageStore } from "./message-store.ts";
import { refuse, takeApi } from "./quota.ts";
import { isSameSecret } from "./same-secret.ts";
import { problemsOf, sendRequestSchema } from "./send-request.ts";
import type { SinkEnvironment, SinkStats } from "./sink-config.ts";
import { statsPath } from "./sink-config.ts";

/** SendGrid takes messages of up to 30 MB; ours are letters. */
const largestBodyBytes = 1_048_576;

/** The API side: SendGrid's v3 mail/send, its answers and errors, and the sink's own counts. */
export function createApiListener(config: SinkEnvironment, store: MessageStore, file: CountFile): Server {
  return createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      console.error("API:", error);
      if (!response.headersSent) sendErrors(response, 500, [{ message: "internal error", field: null, help: null }]);
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === "GET" && request.url === statsPath) return sendJson(response, 200, statsOf(file));
    if (request.url !== "/v3/mail/send")
      return sendErrors(response, 404, [{ message: "not found", field: null, help: null }]);
    if (request.method !== "POST")
      return sendErrors(response, 405, [{ message: "method not allowed", field: null, help: null }]);
    const body = await readBounded(request);
    const refusal = await send(request, body, response);
    if (refusal === undefined) return;
    refuse(file.counts);
    file.changed();
    sendErrors(response, refusal.status, refusal.errors);
  }

  /** Undefined when it answered 202. */
  async function send(
    request: IncomingMessage,
    body: string | undefined,
    response: ServerResponse,
  ): Promise<Refusal | undefined> {
    const key = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
    if (!isSameSecret(key, config.SINK_API_KEY)) {
      return {
        status: 401,
        errors: [
          { message: "The provided authorization grant is invalid, expired, or revoked", field: null, help: null },
        ],
      };
    }
    if (body === undefined)
      return {
        status: 413,
        errors: [
          { message: "The JSON payload you have included in your request is too large.", field: null, help: null },
        ],
      };
    const parsed = sendRequestSchema.safeParse(parseJson(body));
    if (!parsed.success) return { status: 400, errors: problemsOf(parsed.error) };
    const id = parsed.data.headers?.["Message-ID"];
    const accept = (): void => void response.writeHead(202, { "X-Message-Id": randomUUID() }).end();
    // A mailbox has a mail that comes again under its Message-ID already: it is taken, and nothing more.
    if (store.has(id)) {
      accept();
      return undefined;
    }
    const to = parsed.data.personalizations.flatMap((part) => part.to.map((recipient) => recipient.email));
    if (!takeApi(file.counts, to.length, config.SINK_API_PER_MONTH, Date.now())) {
      return { status: 429, errors: [{ message: "too many requests", field: null, help: null }] };
    }
    file.changed();
    const subject = parsed.data.subject ?? parsed.data.personalizations[0]?.subject ?? "";
    const text =
      parsed.data.content.find((part) => part.type === "text/plain")?.value ?? parsed.data.content[0]?.value ?? "";
    await store.add({
      at: new Date().toISOString(),
      transport: "sendgrid",
      from: parsed.data.from.email,
      to,
      subject,
      text,
      ...(id === undefined ? {} : { id }),
    });
    accept();
    return undefined;
  }
}

interface Refusal {
  readonly status: number;
  readonly errors: readonly SendGridError[];
}

interface SendGridError {
  readonly message: string;
  readonly field: string | null;
  readonly help: string | null;
}

function statsOf(file: CountFile): SinkStats {
  const { smtpAccepted, apiAccepted, refused } = file.counts;
  return { smtpAccepted, apiAccepted, refused };
}

/** Undefined when it is too large. */
async function readBounded(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size <= largestBodyBytes) chunks.push(bytes);
  }
  return size > largestBodyBytes ? undefined : Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sendErrors(response: ServerResponse, status: number, errors: readonly SendGridError[]): void {
  sendJson(response, status, { errors });
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}
