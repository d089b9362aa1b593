import { z } from "zod";

/** A mail that was given up, without its address: whoever lists it may keep what it reads in a log. */
export const failedMailSchema = z.object({
  id: z.uuid(),
  kind: z.string(),
  /** What it is about, e.g. `order:17`. */
  event: z.string().nullable(),
  /** What stands behind the @ of its address. */
  domain: z.string(),
  /** Tries that it got. */
  attempts: z.int(),
  /** Code of the last error, e.g. `550`; `expired` when its code had ended before it could be sent. */
  error: z.string().nullable(),
  createdAt: z.string(),
  failedAt: z.string(),
});
export type FailedMail = z.output<typeof failedMailSchema>;

/** What `mails.js failed` prints; newest first. */
export const failedMailsSchema = z.object({ mails: z.array(failedMailSchema) });

/** What `mails.js quota` prints. */
export const mailQuotaSchema = z.object({
  transport: z.string(),
  /** Mails that the provider is taken to accept in 24 hours. */
  perDay: z.number(),
  /** Whether the operator said so; else it is what the provider's usual plan has. */
  isSet: z.boolean(),
  sentLastDay: z.int(),
});
export type MailQuota = z.output<typeof mailQuotaSchema>;

/** What `mails.js retry` prints: the ids of the mails that are to be tried again. */
export const retriedMailsSchema = z.object({ retried: z.array(z.uuid()) });
