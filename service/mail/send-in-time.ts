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
  const sending = transport.send(from, mail, id);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new MailTimeout(`the ${transport.name} transport did not answer in ${timeoutMs} ms`));
    }, timeoutMs);
  });
  try {
    await Promise.race([sending, late]);
  } finally {
    clearTimeout(timer);
    sending.catch(() => undefined);
  }
}
