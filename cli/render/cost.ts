import type { CostReport } from "../rollout/cost-report.ts";
import type { Amount } from "../planning/cost/usage.ts";
import type { Cost } from "../planning/cost.ts";
import { columns } from "./columns.ts";
import { usd } from "./numbers.ts";
import { style } from "./style.ts";

/** `cost` for people. */
export function renderCost(report: CostReport): string {
  const { subject, target, prices, cost, after, usage, budget, usdPerUser } = report;
  const { usdPerMonth } = after?.cost ?? cost;
  return [
    style.bold(`${usd(usdPerMonth)} USD/month`) +
      `  ${subject} on ${target}, ${whole(usage.users.value)} users, ${usdPerUser.toFixed(5)} a user`,
    style.dim(`${prices.name}: ${prices.caution}`),
    "",
    ...(after === null ? bill(cost) : [...difference(cost, after.cost), added(after.usdPerMonthAdded)]),
    ...exceeded((after?.cost ?? cost).lines),
    "",
    style.bold(`Usage in a month of ${report.hoursPerMonth} hours`),
    columns(usageRows(report.usage)),
    "",
    style.bold("Break-evens of the growth plan's offers"),
    columns(report.breakEvens.map(breakEvenRow)),
    "",
    style.bold("The growth plan's totals, from its own parts at its own usage"),
    columns(report.planTotals.map(totalRow)),
    ...(budget === null ? [] : ["", budgetText(usdPerMonth, budget)]),
  ].join("\n");
}

function bill({ lines }: Cost): readonly string[] {
  return [columns(lines.map((line) => [`  ${line.item}`, usd(line.usdPerMonth), style.dim(line.assumption)]))];
}

function difference(before: Cost, after: Cost): readonly string[] {
  const items = new Set([...before.lines, ...after.lines].map(({ item }) => item));
  const rows = [...items].map((item) => {
    const [old, fresh] = [before, after].map(({ lines }) => lines.find((line) => line.item === item));
    const mark = old === undefined ? style.green("+") : fresh === undefined ? style.red("−") : " ";
    const text = fresh?.assumption ?? old?.assumption ?? "";
    return [`${mark} ${item}`, price(old), price(fresh), style.dim(text)];
  });
  return [columns([["", "now", "after", ""], ...rows])];
}

function price(line: { readonly usdPerMonth: number } | undefined): string {
  return line === undefined ? "·" : usd(line.usdPerMonth);
}

function added(amount: number): string {
  return `  ${style.bold(`${amount < 0 ? "−" : "+"}${usd(Math.abs(amount))} USD/month by the plan`)}`;
}

function exceeded(lines: Cost["lines"]): readonly string[] {
  const over = lines.flatMap(({ item, exceeded: what }) => (what === undefined ? [] : [`  ! ${item}: ${what}`]));
  return over.length === 0
    ? []
    : ["", style.yellow("Not enough for this usage:"), ...over.map((line) => style.yellow(line))];
}

function usageRows(usage: CostReport["usage"]): readonly (readonly string[])[] {
  const row = (name: string, { value, basis }: Amount, digits = 0): readonly string[] => [
    `  ${name}`,
    value.toLocaleString("en-US", { maximumFractionDigits: digits }),
    style.dim(basis),
  ];
  return [
    row("users", usage.users),
    row("requests", usage.requestsPerMonth),
    row("mails", usage.mailsPerMonth),
    row("cache commands", usage.cacheCommandsPerMonth),
    row("GiB to shoppers", usage.egressGiBPerMonth, 1),
    row("GiB in the database", usage.databaseGiB, 2),
  ];
}

function breakEvenRow({ between, volume, unit, users, finding }: CostReport["breakEvens"][number]): readonly string[] {
  const at = users === null ? "" : `${whole(users)} users`;
  const amount = volume.toLocaleString("en-US", { maximumFractionDigits: 1 });
  return [`  ${between}`, `${amount} ${unit}`, at, style.dim(finding)];
}

function totalRow({ name, users, planUsdPerMonth, exactUsdPerMonth, relation }: CostReport["planTotals"][number]) {
  return [`  ${name}`, `${whole(users)} users`, `plan ${planUsdPerMonth}`, usd(exactUsdPerMonth), style.dim(relation)];
}

function budgetText(usdPerMonth: number, budget: NonNullable<CostReport["budget"]>): string {
  if (budget.within) return style.green(`within the budget of ${usd(budget.usdPerMonth)}`);
  return style.red(`over the budget of ${usd(budget.usdPerMonth)} by ${usd(usdPerMonth - budget.usdPerMonth)}`);
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
