import { Client } from "@sendgrid/client";
import { MailService } from "@sendgrid/mail";
import { figures } from "../contract/figures.ts";
import type { MailTransport } from "./mail.ts";

/** SendGrid bills by the month, signals count by the day. */
const daysPerMonth = 30;

/** Mail by SendGrid's v3 API, or by anything at `baseUrl` that speaks it. */
export function sendgridTransport(options: {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly timeoutMs: number;
}): MailTransport {
  const client = new Client();
  // In this order: setting the key sets the base URL back to SendGrid's own.
  client.setApiKey(options.apiKey);
  client.setDefaultRequest("baseUrl", options.baseUrl.endsWith("/") ? options.baseUrl : `${options.baseUrl}/`);
  const service = new MailService();
  service.setClient(client);
  service.setTimeout(options.timeoutMs);
  return {
    name: "sendgrid",
    quotaPerDay: figures.email.sendgridEssentials.perMonth / daysPerMonth,
    send: async (from, { to, subject, text }) => {
      await service.send({ from, to, subject, text });
    },
    close: () => undefined,
  };
}
