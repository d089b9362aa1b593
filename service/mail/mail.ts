/** Kinds of mail that the shop sends; the seed's. */
export const mailKinds = ["registration", "password-reset", "order-confirmation", "security-alert"] as const;
export type MailKind = (typeof mailKinds)[number];

export interface Mail {
  readonly kind: MailKind;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** What the mail is about, e.g. `order:17`; an outbox takes at most one mail an event. No address and no secret. */
  readonly event?: string;
  /** Minutes after which it is of no use, for its code has ended: an outbox does not send it any more. */
  readonly goodForMinutes?: number;
}

export const mailTransports = ["smtp", "sendgrid", "ses"] as const;
export type MailTransportName = (typeof mailTransports)[number];

/** Hands mail to a provider. */
export interface MailTransport {
  readonly name: MailTransportName;
  /**
   * Resolves when the provider has accepted the mail; throws when it has not, or when nobody knows. `id` goes with the
   * mail and is the same when it is offered again, so that whoever receives it can tell.
   */
  send(from: string, mail: Mail, id?: string): Promise<void>;
  /** True for an error that the same mail would meet again: nobody should try. */
  isFinal(error: unknown): boolean;
  close(): void;
}

/** RFC 5322's Message-ID of a mail in the outbox. */
export function messageId(from: string, id: string): string {
  return `<${id}@${from.slice(from.lastIndexOf("@") + 1)}>`;
}
