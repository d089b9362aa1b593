/**
 * The code of a provider's error, e.g. `550`, `ETIMEDOUT`, `MessageRejected`. Never its message: providers repeat
 * addresses there.
 */
export function mailErrorCode(error: unknown): string {
  const { responseCode, code, name } = fieldsOf(error);
  for (const candidate of [responseCode, code, name]) {
    const text = typeof candidate === "number" || typeof candidate === "string" ? String(candidate) : "";
    if (/^[\w.-]{1,60}$/.test(text)) return text;
  }
  return "Error";
}

/** The fields that nodemailer, SendGrid's client and the AWS SDK put on their errors. */
export function fieldsOf(error: unknown): {
  readonly name?: unknown;
  readonly code?: unknown;
  /** What nodemailer had told the server, e.g. `MAIL FROM`. */
  readonly command?: unknown;
  readonly responseCode?: unknown;
  readonly response?: unknown;
} {
  return typeof error === "object" && error !== null ? error : {};
}
