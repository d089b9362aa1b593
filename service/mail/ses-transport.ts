import type { SESv2Client } from "@aws-sdk/client-sesv2";
import type { MailTransport } from "./mail.ts";
import { fieldsOf } from "./mail-error.ts";

/**
 * Answers that are about this mail; all others are about the account or the moment. `MessageRejected` may be either: SES
 * says it of a sender, too, that it has not verified yet.
 * https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html
 */
const finalErrors: readonly unknown[] = ["BadRequestException"];

/**
 * Mail by Amazon SES. Credentials come as everywhere with AWS: from the task's role, the environment or a profile.
 * `endpoint` replaces AWS' own. SES sets the Message-ID itself, so the id travels in a header and a tag.
 */
export function sesTransport(options: {
  readonly region: string;
  readonly endpoint: string | undefined;
  readonly timeoutMs: number;
}): MailTransport {
  const { region, endpoint, timeoutMs } = options;
  let client: SESv2Client | undefined;
  // The SDK is large: only a shop that uses SES loads it.
  const load = () => import("@aws-sdk/client-sesv2");
  const connect = ({ SESv2Client }: Awaited<ReturnType<typeof load>>): SESv2Client =>
    new SESv2Client({
      region,
      ...(endpoint === undefined ? {} : { endpoint }),
      // Who sends decides about another try: the SDK's own would send a mail twice whose answer got lost.
      maxAttempts: 1,
      requestHandler: { connectionTimeout: timeoutMs, requestTimeout: timeoutMs, throwOnRequestTimeout: true },
    });
  return {
    name: "ses",
    send: async (from, { to, subject, text }, id) => {
      const sdk = await load();
      client ??= connect(sdk);
      const headers = id === undefined ? {} : { Headers: [{ Name: "X-Shop-Mail-Id", Value: id }] };
      await client.send(
        new sdk.SendEmailCommand({
          FromEmailAddress: from,
          Destination: { ToAddresses: [to] },
          Content: {
            Simple: {
              Subject: { Data: subject, Charset: "UTF-8" },
              Body: { Text: { Data: text, Charset: "UTF-8" } },
              ...headers,
            },
          },
          ...(id === undefined ? {} : { EmailTags: [{ Name: "shop-mail-id", Value: id }] }),
        }),
      );
    },
    isFinal: (error) => finalErrors.includes(fieldsOf(error).name),
    close: () => client?.destroy(),
  };
}
