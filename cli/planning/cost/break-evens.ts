import { figures } from "../../../service/contract/figures.ts";
import { sendgridPlans, usdBySes } from "./mail-line.ts";
import { commandsOfBudget } from "./redis-commands.ts";
import { plannedUsage, type Usage } from "./usage.ts";

/** A volume at which one offer becomes dearer than another, or stops to suffice. */
export interface BreakEven {
  readonly between: string;
  /** A month. */
  readonly volume: number;
  readonly unit: "mails" | "commands" | "instances";
  /** Users at which the growth plan's traffic has that volume; null where it does not depend on users. */
  readonly users: number | null;
  /** What that says about the choice. */
  readonly finding: string;
}

/** Where the growth plan's offers meet, for mail, Redis and tiers. */
export function breakEvens(): readonly BreakEven[] {
  return [smtpQuota(), essentialsToPro(), ...sendgridPlans.map(planAgainstSes), redisBudget(), tiers()];
}

function smtpQuota(): BreakEven {
  const perDay = figures.email.gmailSmtpPerDay;
  const { mailsPerMonth } = plannedUsage(figures.growth.targetUsers);
  const volume = Math.floor((perDay / figures.email.perDayAt100k.total) * mailsPerMonth.value);
  const finding = `SMTP takes ${perDay} a day (SendGrid's free tier ${figures.email.sendgridFreePerDay})`;
  return {
    between: "Gmail SMTP → a paid plan",
    volume,
    unit: "mails",
    users: usersAt("mailsPerMonth", volume),
    finding,
  };
}

function essentialsToPro(): BreakEven {
  const [essentials, pro] = sendgridPlans;
  const last = pro.perMonth;
  return {
    between: "SendGrid Essentials → Pro",
    volume: essentials.perMonth,
    unit: "mails",
    users: usersAt("mailsPerMonth", essentials.perMonth),
    finding: `Pro takes ${last.toLocaleString("en-US")}: up to ${usersAt("mailsPerMonth", last).toLocaleString("en-US")} users`,
  };
}

function planAgainstSes({ name, perMonth, usdPerMonth }: (typeof sendgridPlans)[number]): BreakEven {
  const volume = Math.round((usdPerMonth / figures.email.sesUsdPer1000) * 1_000);
  const finding =
    volume > perMonth
      ? `SES is cheaper at every volume that the plan takes (all ${perMonth.toLocaleString("en-US")} cost ${usdBySes(perMonth).toFixed(2)})`
      : "SES is cheaper below";
  return { between: `${name} = SES`, volume, unit: "mails", users: usersAt("mailsPerMonth", volume), finding };
}

function redisBudget(): BreakEven {
  return {
    between: "Upstash by the command = the flat budget",
    volume: commandsOfBudget,
    unit: "commands",
    users: usersAt("cacheCommandsPerMonth", commandsOfBudget),
    finding: "above it only a plan with a fixed price keeps the budget",
  };
}

function tiers(): BreakEven {
  const { standard, pro } = figures.tiers;
  const finding = `${pro.cpu} CPU on pro cost ${pro.usdPerMonth}, on ${pro.cpu} standard instances ${pro.cpu * standard.usdPerMonth}; pro gives one process group the memory`;
  const volume = Math.round((pro.usdPerMonth / standard.usdPerMonth) * 10) / 10;
  return { between: "pro = standard instances", volume, unit: "instances", users: null, finding };
}

/** Users at which the growth plan's traffic makes so much a month, rounded down. */
function usersAt(name: keyof Usage, volume: number): number {
  const { targetUsers } = figures.growth;
  return Math.floor((volume / plannedUsage(targetUsers)[name].value) * targetUsers);
}
