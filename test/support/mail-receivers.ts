import { createServer } from "node:http";
import { SMTPServer } from "smtp-server";
import { freePort } from "./free-port.ts";

/** A mail as a receiver got it. */
export interface ReceivedMail {
  readonly to: readonly string[];
  readonly content: string;
  /** What identifies a mail however often it is offered; undefined when the sender gave none of its own. */
  readonly id?: string | undefined;
}

/** A receiver on this machine that keeps what it gets; `refuse` makes it turn everything down. */
export interface MailReceiver {
  readonly url: string;
  readonly mails: readonly ReceivedMail[];
  refuse(on: boolean): void;
  stop(): Promise<void>;
}

const uuidOf = (text: string): string | undefined => /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?=@)/.exec(text)?.[0];

/**
 * SMTP with user `shop` and password `mail-test-password`. `refuseWith` takes code and text of a refusal, `answerAfter`
 * lets it keep senders waiting for its word that it has the mail.
 */
export async function startSmtpReceiver(): Promise<
  MailReceiver & { refuseWith(refusal: string | undefined): void; answerAfter(delayMs: number): void }
> {
  const port = await freePort();
  const mails: ReceivedMail[] = [];
  let refusal: string | undefined;
  let answerDelayMs = 0;
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    onAuth: ({ username, password }, _session, done) => {
      if (username === "shop" && password === "mail-test-password") done(null, { user: username });
      else done(new Error("who are you"));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        if (refusal !== undefined) {
          const responseCode = Number(refusal.slice(0, 3));
          return done(Object.assign(new Error(refusal.slice(4)), { responseCode }));
        }
        const to = session.envelope.rcptTo.map(({ address }) => address);
        const content = Buffer.concat(chunks).toString();
        mails.push({ to, content, id: uuidOf(/^message-id:\s*(.*)$/im.exec(content)?.[1] ?? "") });
        if (answerDelayMs === 0) done();
        else setTimeout(done, answerDelayMs);
      });
    },
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `smtp://shop:mail-test-password@127.0.0.1:${port}`,
    mails,
    refuse: (on) => (refusal = on ? "450 4.3.2 not today" : undefined),
    refuseWith: (given) => (refusal = given),
    answerAfter: (delayMs) => (answerDelayMs = delayMs),
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

/**
 * SendGrid's v3 mail/send with the key `mail-test-key`. `stall` makes it neither take nor answer anything, `acceptSilently`
 * makes it take mails and say so only when that is over.
 */
export async function startSendgridReceiver(): Promise<
  MailReceiver & { stall(on: boolean): void; acceptSilently(on: boolean): void }
> {
  const mails: ReceivedMail[] = [];
  let refusing = false;
  let stalling = false;
  let silent = false;
  const unanswered: (() => void)[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (stalling) return;
      const known = request.headers.authorization === "Bearer mail-test-key";
      if (request.url !== "/v3/mail/send" || !known || refusing) {
        response.writeHead(refusing ? 503 : 401).end("{}");
        return;
      }
      const content = Buffer.concat(chunks).toString();
      const { personalizations, headers } = JSON.parse(content) as {
        personalizations: { to: { email: string }[] }[];
        headers?: Record<string, string>;
      };
      const to = personalizations.flatMap((part) => part.to.map(({ email }) => email));
      mails.push({ to, content, id: uuidOf(headers?.["Message-ID"] ?? "") });
      const answer = (): void => void response.writeHead(202).end();
      if (silent) unanswered.push(answer);
      else answer();
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${port}`,
    mails,
    refuse: (on) => (refusing = on),
    stall: (on) => (stalling = on),
    acceptSilently: (on) => {
      silent = on;
      if (!on) for (const answer of unanswered.splice(0)) answer();
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** SES' SendEmail (API v2) for requests that an AWS client has signed. */
export async function startSesReceiver(): Promise<MailReceiver & { rejectAs(error: string | undefined): void }> {
  const mails: ReceivedMail[] = [];
  let refusing = false;
  let rejection: string | undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const answer = (status: number, body: object, headers: Record<string, string> = {}): void =>
        void response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
      const signed = /^AWS4-HMAC-SHA256 Credential=TESTKEY\/\d{8}\/eu-central-1\/ses\/aws4_request/;
      const known = signed.test(request.headers.authorization ?? "");
      if (request.method !== "POST" || request.url !== "/v2/email/outbound-emails" || !known)
        return answer(403, { message: "who are you" }, { "x-amzn-errortype": "AccessDeniedException" });
      if (refusing) return answer(503, { message: "not today" }, { "x-amzn-errortype": "ServiceUnavailable" });
      if (rejection !== undefined) return answer(400, { message: "no" }, { "x-amzn-errortype": rejection });
      const content = Buffer.concat(chunks).toString();
      const { Destination, Content } = JSON.parse(content) as {
        Destination: { ToAddresses: string[] };
        Content: { Simple: { Headers?: { Name: string; Value: string }[] } };
      };
      const id = Content.Simple.Headers?.find(({ Name }) => Name === "X-Shop-Mail-Id")?.Value;
      mails.push({ to: Destination.ToAddresses, content, id });
      answer(200, { MessageId: `ses-${mails.length}` });
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${port}`,
    mails,
    refuse: (on) => (refusing = on),
    rejectAs: (error) => (rejection = error),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
