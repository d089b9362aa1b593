import { createTransport } from "nodemailer";
import { messageId, type MailTransport } from "./mail.ts";
import { fieldsOf } from "./mail-error.ts";

const maxConnections = 4;

/** Enhanced status of a used up day, as Gmail answers it: https://support.google.com/a/answer/3726730 */
const quotaUsedUp = /\b5\.4\.5\b/;

/**
 * Mail over a small pool of SMTP connections. `url` is smtp:// or smtps://; as everywhere in nodemailer, its query
 * may set options such as `ignoreTLS=true`. A server that offers STARTTLS must have a valid certificate.
 */
export function smtpTransport(url: string, timeoutMs: number): MailTransport {
  const { hostname, port, protocol, username, password, searchParams } = new URL(url);
  const secure = protocol === "smtps:";
  const transporter = createTransport({
    pool: true,
    maxConnections,
    host: hostname,
    port: port === "" ? (secure ? 465 : 587) : Number(port),
    secure,
    ignoreTLS: searchParams.get("ignoreTLS") === "true",
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    ...(username === "" ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
  });
  return {
    name: "smtp",
    send: async (from, { to, subject, text }, id) => {
      const identity = id === undefined ? {} : { messageId: messageId(from, id) };
      await transporter.sendMail({ from, to, subject, text, ...identity });
    },
    isFinal,
    close: () => transporter.close(),
  };
}

/**
 * The recipient or the message was refused for good (5xx). A wrong password, a used up day and whatever MAIL FROM is
 * answered with are not the mail's fault: they are about the account or the sender, and all other mails would meet them too.
 */
function isFinal(error: unknown): boolean {
  const { code, command, responseCode, response } = fieldsOf(error);
  if (code !== "EENVELOPE" && code !== "EMESSAGE") return false;
  if (command === "MAIL FROM") return false;
  if (typeof response === "string" && quotaUsedUp.test(response)) return false;
  return typeof responseCode === "number" && responseCode >= 500;
}
