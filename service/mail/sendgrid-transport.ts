import { Client } from "@sendgrid/client";
import { MailService } from "@sendgrid/mail";
import { messageId, type MailTransport } from "./mail.ts";
import { fieldsOf } from "./mail-error.ts";

/** Answers that are about this mail: not well-formed, too large. All others are about the account or the moment. */
const finalStatuses: readonly unknown[] = [400, 413];

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
    send: async (from, { to, subject, text }, id) => {
      // The custom argument comes back in SendGrid's activity feed and events.
      const identity =
        id === undefined ? {} : { headers: { "Message-ID": messageId(from, id) }, customArgs: { shop_mail_id: id } };
      await service.send({ from, to, subject, text, ...identity });
    },
    isFinal: (error) => finalStatuses.includes(fieldsOf(error).code),
    close: () => undefined,
  };
}
