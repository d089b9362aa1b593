/** Kinds of mail that the shop sends; the seed's. */
export const mailKinds = ["registration", "password-reset", "order-confirmation", "security-alert"] as const;
export type MailKind = (typeof mailKinds)[number];

export interface Mail {
  readonly kind: MailKind;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Hands mail to a provider. */
export interface MailTransport {
  readonly name: "smtp" | "sendgrid";
  /** Mails a day that the provider takes under the seed's plan. */
  readonly quotaPerDay: number;
  /** Resolves when the provider has accepted the mail; throws when it has not. */
  send(from: string, mail: Mail): Promise<void>;
  close(): void;
}
