import { figures } from "../../../service/contract/figures.ts";
import { sendgridPlans, usdBySes } from "../../planning/cost/mail-line.ts";
import { commandsOfBudget, usdByCommand } from "../../planning/cost/redis-commands.ts";
import { axis, chartText } from "./axes.ts";
import { colour } from "./chart-colours.ts";
import type { DescribedChart } from "./described-chart.ts";
import { lineSeries as line, type ChartPoint as Point } from "./series.ts";

/** Mail by plan against SES, and Redis by command against the flat budget. */
export function breakEvenCharts(): readonly DescribedChart[] {
  return [mail(), redis()];
}

function mail(): DescribedChart {
  const [essentials, pro] = sendgridPlans;
  const most = 120_000;
  const plans: readonly Point[] = [
    [0, essentials.usdPerMonth],
    [essentials.perMonth, essentials.usdPerMonth],
    [essentials.perMonth, pro.usdPerMonth],
    [pro.perMonth, pro.usdPerMonth],
    [pro.perMonth, null],
  ];
  const ses: readonly Point[] = [0, most].map((mails) => [mails, usdBySes(mails)] as const);
  return {
    title: "Mail: SendGrid's plans and SES",
    description: `SendGrid costs ${essentials.usdPerMonth} up to ${essentials.perMonth} mails a month and ${pro.usdPerMonth} up to ${pro.perMonth}; SES costs ${figures.email.sesUsdPer1000} a thousand, less at every volume.`,
    option: {
      ...chartText("Mail: SendGrid's plans and SES", "USD a month by mails a month"),
      xAxis: axis({ max: most }),
      yAxis: axis({ max: 100 }),
      series: [line("SendGrid", plans, colour.second), line("SES", ses, colour.first)],
    },
  };
}

function redis(): DescribedChart {
  const { budgetUsdPerMonth } = figures.cache;
  const most = commandsOfBudget * 4;
  const byCommand: readonly Point[] = [0, most].map((commands) => [commands, usdByCommand(commands)] as const);
  const flat: readonly Point[] = [
    [0, budgetUsdPerMonth],
    [most, budgetUsdPerMonth],
  ];
  return {
    title: "Redis: Upstash by the command and the flat budget",
    description: `At ${commandsOfBudget} commands a month Upstash's price by the command is the budget of ${budgetUsdPerMonth} USD.`,
    option: {
      ...chartText("Redis: Upstash by the command and the flat budget", "USD a month by commands a month"),
      xAxis: axis({ max: most }),
      yAxis: axis({ max: usdByCommand(most) }),
      series: [line("flat budget", flat, colour.second), line("by the command", byCommand, colour.first)],
    },
  };
}
