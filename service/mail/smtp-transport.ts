import { createTransport } from "nodemailer";
import { figures } from "../contract/figures.ts";
import type { MailTransport } from "./mail.ts";

const maxConnections = 4;

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
    quotaPerDay: figures.email.gmailSmtpPerDay,
    send: async (from, { to, subject, text }) => {
      await transporter.sendMail({ from, to, subject, text });
    },
    close: () => transporter.close(),
  };
}
