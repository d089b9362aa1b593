import { SMTPServer } from "smtp-server";
import type { SMTPServerDataStream } from "smtp-server";
import type { CountFile } from "./count-file.ts";
import type { MessageStore } from "./message-store.ts";
import { refuse, takeSmtp } from "./quota.ts";
import { parseMail } from "./parse-mail.ts";
import { isSameSecret } from "./same-secret.ts";
import type { SinkEnvironment } from "./sink-config.ts";

const largestMessageBytes = 1_048_576;

/** The SMTP side: one account, a limit for a rolling day, answered as Gmail does when it is used up. */
export function createSmtpListener(config: SinkEnvironment, store: MessageStore, file: CountFile): SMTPServer {
  const server = new SMTPServer({
    name: "mail.local",
    banner: "shopctl mail sink",
    size: largestMessageBytes,
    // Only 127.0.0.1 can reach it, so there is nothing between the two that TLS could keep out.
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    authMethods: ["PLAIN", "LOGIN"],
    disableReverseLookup: true,
    logger: false,
    onAuth(auth, _session, done) {
      const known = isSameSecret(auth.username ?? "", config.SINK_SMTP_USER);
      const right = isSameSecret(auth.password ?? "", config.SINK_SMTP_PASSWORD);
      if (known && right) return done(null, { user: config.SINK_SMTP_USER });
      refuse(file.counts);
      file.changed();
      done(smtpError(535, "5.7.8 Username and Password not accepted"));
    },
    onData(stream, session, done) {
      const to = session.envelope.rcptTo.map((recipient) => recipient.address);
      const from = session.envelope.mailFrom === false ? "" : session.envelope.mailFrom.address;
      void answer(stream, { from, to }, done);
    },
  });
  server.on("error", (error) => console.error(`SMTP: ${error.message}`));
  return server;

  async function answer(
    stream: SMTPServerDataStream,
    envelope: { readonly from: string; readonly to: string[] },
    done: (error?: Error | null) => void,
  ): Promise<void> {
    try {
      done((await receive(stream, envelope)) ?? null);
    } catch {
      done(smtpError(451, "4.3.0 The message could not be stored"));
    }
  }

  async function receive(
    stream: SMTPServerDataStream,
    envelope: { readonly from: string; readonly to: string[] },
  ): Promise<Error | undefined> {
    const raw = await readBounded(stream);
    if (stream.sizeExceeded) return smtpError(552, "5.3.4 Message too big");
    const mail = parseMail(raw);
    // A mailbox has a mail that comes again under its Message-ID already: it is taken, and nothing more.
    if (store.has(mail.id)) return undefined;
    const accepted = takeSmtp(file.counts, envelope.to.length, config.SINK_SMTP_PER_DAY, Date.now());
    if (!accepted) refuse(file.counts);
    file.changed();
    if (!accepted) return smtpError(550, "5.4.5 Daily user sending limit exceeded");
    await store.add({ at: new Date().toISOString(), transport: "smtp", ...envelope, ...mail });
    return undefined;
  }
}

async function readBounded(stream: SMTPServerDataStream): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size <= largestMessageBytes) chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function smtpError(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
