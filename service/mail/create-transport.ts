import type { MailSettings } from "./mail-settings.ts";
import type { MailTransport } from "./mail.ts";
import { sendgridTransport } from "./sendgrid-transport.ts";
import { sesTransport } from "./ses-transport.ts";
import { smtpTransport } from "./smtp-transport.ts";

/** Longest time that whoever sends waits for the provider. */
export const mailTimeoutMs = 5_000;

/** The transport that is configured; connections are opened when first needed. */
export function createTransport(settings: MailSettings): MailTransport {
  const timeoutMs = mailTimeoutMs;
  switch (settings.transport) {
    case "smtp":
      return smtpTransport(settings.smtpUrl, timeoutMs);
    case "sendgrid":
      return sendgridTransport({ timeoutMs, apiKey: settings.sendgridApiKey, baseUrl: settings.sendgridBaseUrl });
    case "ses":
      return sesTransport({ timeoutMs, region: settings.sesRegion, endpoint: settings.sesEndpoint });
    default:
      throw new TypeError(`a mail transport of no kind: ${String(settings.transport satisfies never)}`);
  }
}
