import type { Topology } from "../../../infra/topology/topology.ts";
import { figures } from "../../../service/contract/figures.ts";
import type { CostLine } from "./cost-line.ts";
import { roundCents } from "./round-cents.ts";
import { daysPerMonth, type Usage } from "./usage.ts";

const { gmailSmtpPerDay, sendgridEssentials, sendgridPro, sesUsdPer1000 } = figures.email;

/** SendGrid's paid plans of the growth plan, smallest first. */
export const sendgridPlans = [
  { name: "SendGrid Essentials", ...sendgridEssentials },
  { name: "SendGrid Pro", ...sendgridPro },
] as const;

/** The smallest of them that takes a month's mails; the largest when none does. */
export function sendgridPlanFor(mails: number): (typeof sendgridPlans)[number] {
  return sendgridPlans.find(({ perMonth }) => Math.round(mails) <= perMonth) ?? sendgridPlans[1];
}

/** What so many mails cost by SES. */
export function usdBySes(mails: number): number {
  return roundCents((mails / 1_000) * sesUsdPer1000);
}

/** The smallest plan that takes a month's mails; the largest, and what it lacks, when none does. */
export function mailLine(transport: Topology["mail"], usage: Usage | undefined): CostLine {
  const mails = Math.round(usage?.mailsPerMonth.value ?? 0);
  return transport === "smtp" ? bySmtp(mails) : bySendgrid(mails);
}

function bySmtp(mails: number): CostLine {
  const perDay = mails / daysPerMonth;
  const exceeded = `${Math.round(perDay).toLocaleString("en-US")} mails a day; the transport takes ${gmailSmtpPerDay}`;
  return {
    item: "Mail by SMTP",
    usdPerMonth: 0,
    assumption: `up to ${gmailSmtpPerDay} mails a day`,
    ...(perDay > gmailSmtpPerDay ? { exceeded } : {}),
  };
}

function bySendgrid(mails: number): CostLine {
  const { name, perMonth, usdPerMonth } = sendgridPlanFor(mails);
  const exceeded = `${mails.toLocaleString("en-US")} mails a month, and the growth plan names no larger plan; by SES they cost ${usdBySes(mails).toFixed(2)}`;
  return {
    item: name,
    usdPerMonth,
    assumption: `up to ${perMonth.toLocaleString("en-US")} mails a month`,
    ...(mails > perMonth ? { exceeded } : {}),
  };
}
