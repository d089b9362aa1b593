import { createServer } from "node:http";
import { SMTPServer } from "smtp-server";
import { freePort } from "./free-port.ts";

/** A mail as a receiver got it. */
export interface ReceivedMail {
  readonly to: readonly string[];
  readonly content: string;
}

/** A receiver on this machine that keeps what it gets; `refuse` makes it turn everything down. */
export interface MailReceiver {
  readonly url: string;
  readonly mails: readonly ReceivedMail[];
  refuse(on: boolean): void;
  stop(): Promise<void>;
}

/** SMTP with user `shop` and password `mail-test-password`. */
export async function startSmtpReceiver(): Promise<MailReceiver> {
  const port = await freePort();
  const mails: ReceivedMail[] = [];
  let refusing = false;
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
        if (refusing) return done(new Error("not today"));
        const to = session.envelope.rcptTo.map(({ address }) => address);
        mails.push({ to, content: Buffer.concat(chunks).toString() });
        done();
      });
    },
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `smtp://shop:mail-test-password@127.0.0.1:${port}`,
    mails,
    refuse: (on) => (refusing = on),
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** SendGrid's v3 mail/send with the key `mail-test-key`; `stalls` makes it take requests and never answer. */
export async function startSendgridReceiver(): Promise<MailReceiver & { stall(on: boolean): void }> {
  const mails: ReceivedMail[] = [];
  let refusing = false;
  let stalling = false;
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
      const { personalizations } = JSON.parse(content) as { personalizations: { to: { email: string }[] }[] };
      mails.push({ to: personalizations.flatMap(({ to }) => to.map(({ email }) => email)), content });
      response.writeHead(202).end();
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${port}`,
    mails,
    refuse: (on) => (refusing = on),
    stall: (on) => (stalling = on),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
