import { z } from "zod";

/** Environment of the sink's process; written by the provider, validated by the process. */
export const sinkEnvironment = z.object({
  SINK_SMTP_PORT: z.coerce.number().int(),
  SINK_API_PORT: z.coerce.number().int(),
  SINK_DATA: z.string(),
  SINK_SMTP_USER: z.string(),
  SINK_SMTP_PASSWORD: z.string().min(16),
  SINK_API_KEY: z.string().min(16),
  /** Recipients that SMTP takes in any 24 hours. */
  SINK_SMTP_PER_DAY: z.coerce.number().int(),
  /** Recipients that the API takes in a calendar month. */
  SINK_API_PER_MONTH: z.coerce.number().int(),
});
export type SinkEnvironment = z.infer<typeof sinkEnvironment>;

/** User name of the SMTP account. */
export const smtpUser = "shop";

/** One received mail as a line of `messages.jsonl`. */
export const storedMessageSchema = z.object({
  at: z.string(),
  transport: z.enum(["smtp", "sendgrid"]),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  /** Plain text, at most 4,000 characters of it. */
  text: z.string(),
  /** Message-ID that the sender gave it; what comes again under it is the same mail. */
  id: z.string().optional(),
});
export type StoredMessage = z.infer<typeof storedMessageSchema>;

/** What the sink answers at `statsPath` of its API port. */
export const sinkStatsSchema = z.object({ smtpAccepted: z.int(), apiAccepted: z.int(), refused: z.int() });
export type SinkStats = z.infer<typeof sinkStatsSchema>;
export const statsPath = "/internal/stats";
