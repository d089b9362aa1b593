import { z } from "zod";
import { shopEnv } from "../contract/env.ts";
import { figures } from "../contract/figures.ts";
import type { Companion } from "../read-variables.ts";
import { mailTransports, type MailTransportName } from "./mail.ts";

/** SendGrid bills by the month, signals count by the day. */
const daysPerMonth = 30;

/** What the providers take under the seed's plans, where nothing else is said. */
export const planQuotaPerDay: Readonly<Record<MailTransportName, number>> = {
  smtp: figures.email.gmailSmtpPerDay,
  sendgrid: figures.email.sendgridEssentials.perMonth / daysPerMonth,
  // What AWS grants an account that has left the sandbox, until it asks for more:
  // https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas.html
  ses: 50_000,
};

/** The variables that say which provider takes the mail; whoever sends reads them: the shop, or the mail worker. */
export const mailVariables = {
  [shopEnv.mail]: z.enum(mailTransports),
  [shopEnv.smtpUrl]: z
    .string()
    .regex(/^smtps?:\/\//)
    .optional(),
  [shopEnv.sendgridApiKey]: z.string().optional(),
  [shopEnv.sendgridBaseUrl]: z
    .string()
    .regex(/^https?:\/\//)
    .default("https://api.sendgrid.com"),
  [shopEnv.sesRegion]: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .optional(),
  [shopEnv.sesEndpoint]: z
    .string()
    .regex(/^https?:\/\//)
    .optional(),
  [shopEnv.mailFrom]: z.email(),
  [shopEnv.mailQuotaPerDay]: z.coerce.number().int().min(1).optional(),
} as const;

/** What each transport cannot do without. */
export const mailCompanions: readonly Companion[] = [
  { when: shopEnv.mail, is: "smtp", needs: shopEnv.smtpUrl },
  { when: shopEnv.mail, is: "sendgrid", needs: shopEnv.sendgridApiKey },
  { when: shopEnv.mail, is: "ses", needs: shopEnv.sesRegion },
];

export interface MailSettings {
  readonly transport: MailTransportName;
  readonly smtpUrl: string;
  readonly sendgridApiKey: string;
  readonly sendgridBaseUrl: string;
  readonly sesRegion: string;
  readonly sesEndpoint: string | undefined;
  readonly from: string;
  /** Mails that the provider takes in 24 hours. */
  readonly quotaPerDay: number;
}

/** The settings of validated variables; what another transport needs is empty. */
export function mailSettings(value: z.output<z.ZodObject<typeof mailVariables>>): MailSettings {
  return {
    transport: value.SHOP_MAIL,
    smtpUrl: value.SHOP_SMTP_URL ?? "",
    sendgridApiKey: value.SHOP_SENDGRID_API_KEY ?? "",
    sendgridBaseUrl: value.SHOP_SENDGRID_BASE_URL,
    sesRegion: value.SHOP_SES_REGION ?? "",
    sesEndpoint: value.SHOP_SES_ENDPOINT,
    from: value.SHOP_MAIL_FROM,
    quotaPerDay: value.SHOP_MAIL_QUOTA_PER_DAY ?? planQuotaPerDay[value.SHOP_MAIL],
  };
}
