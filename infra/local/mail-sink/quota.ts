const dayMs = 86_400_000;

/** Counts of the sink, kept over restarts. `smtpDay` has one entry a minute. */
export interface Counts {
  smtpAccepted: number;
  apiAccepted: number;
  refused: number;
  smtpDay: { minute: number; recipients: number }[];
  apiMonth: { month: string; recipients: number };
}

export function emptyCounts(): Counts {
  return { smtpAccepted: 0, apiAccepted: 0, refused: 0, smtpDay: [], apiMonth: { month: "", recipients: 0 } };
}

/** Takes `recipients` of the SMTP account's rolling day, as Gmail counts; false when they do not fit. */
export function takeSmtp(counts: Counts, recipients: number, perDay: number, nowMs: number): boolean {
  counts.smtpDay = counts.smtpDay.filter((entry) => entry.minute * 60_000 > nowMs - dayMs);
  const used = counts.smtpDay.reduce((sum, entry) => sum + entry.recipients, 0);
  if (used + recipients > perDay) return false;
  const minute = Math.floor(nowMs / 60_000);
  const last = counts.smtpDay.at(-1);
  if (last?.minute === minute) last.recipients += recipients;
  else counts.smtpDay.push({ minute, recipients });
  counts.smtpAccepted += 1;
  return true;
}

/** Takes `recipients` of the API plan's calendar month (UTC), as SendGrid bills; false when they do not fit. */
export function takeApi(counts: Counts, recipients: number, perMonth: number, nowMs: number): boolean {
  const month = new Date(nowMs).toISOString().slice(0, 7);
  const used = counts.apiMonth.month === month ? counts.apiMonth.recipients : 0;
  if (used + recipients > perMonth) return false;
  counts.apiMonth = { month, recipients: used + recipients };
  counts.apiAccepted += 1;
  return true;
}

/** Counts a mail that was not taken, for whatever reason. */
export function refuse(counts: Counts): void {
  counts.refused += 1;
}
