import { setTimeout as sleep } from "node:timers/promises";
import type { Mail, MailTransport } from "./mail.ts";

/** No answer in time: whether the provider has the mail is not known. */
class MailTimeout extends Error {
  readonly code = "ETIMEDOUT";
}

/** Sends a mail, and throws when the provider has not answered after `timeoutMs`, whatever the transport still does. */
export async function sendInTime(
  transport: MailTransport,
  timeoutMs: number,
  { from, mail, id }: { readonly from: string; readonly mail: Mail; readonly id?: string },
): Promise<void> {
  const answered = new AbortController();
  const late = sleep(timeoutMs, undefined, { signal: answered.signal }).then(() => {
    throw new MailTimeout(`the ${transport.name} transport did not answer in ${timeoutMs} ms`);
  });
  const sending = transport.send(from, mail, id);
  try {
    await Promise.race([sending, late]);
  } finally {
    answered.abort();
    late.catch(() => undefined);
    sending.catch(() => undefined);
  }
}
