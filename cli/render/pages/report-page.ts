import { headroomInWords } from "../../advice/headroom-words.ts";
import type { ReportData } from "../../rollout/report-data.ts";
import { capacityCharts } from "../charts/capacity-charts.ts";
import { costChart, signalChart } from "../charts/report-charts.ts";
import { monthsChart, usersChart } from "../charts/users-charts.ts";
import { usd, usdMove } from "../numbers.ts";
import { htmlFigure } from "./figure.ts";
import { escapeHtml, htmlTable } from "./html.ts";
import { htmlPage } from "./page.ts";
import { rangeText, roadText, verdictText } from "./report-words.ts";

/** `report --out`: one page that needs nothing else. */
export function reportPage(report: ReportData): string {
  const { environment, generatedAt, binding } = report;
  return htmlPage(`The road of ${environment}`, [
    `<p class="lead">${escapeHtml(roadText(report))}</p>`,
    `<p><b>Binding constraint:</b> ${escapeHtml(binding)}</p>`,
    `<p><b>Headroom:</b> ${escapeHtml(headroomInWords(report))}</p>`,
    `<h2>Steps</h2>`,
    stepsTable(report),
    `<h2>Users</h2>`,
    usersOf(report),
    `<h2>Signals</h2>`,
    ...signalsOf(report),
    `<h2>Capacity</h2>`,
    ...(report.capacity === null
      ? [`<p>${escapeHtml(headroomInWords(report))}</p>`]
      : capacityCharts(report.capacity).map(htmlFigure)),
    `<h2>Cost</h2>`,
    billTable(report),
    ...monthsOf(report),
    htmlFigure(costChart(report.costByUsers)),
    `<h2>Rollouts</h2>`,
    rolloutsTable(report),
    `<footer><p>Made by shopctl at ${escapeHtml(generatedAt)}.</p></footer>`,
  ]);
}

function stepsTable({ steps }: ReportData): string {
  return htmlTable(
    "Every step of the road, in order",
    ["step", "phase", "verdict", "USD a month"],
    steps.map((step) => [
      `${step.id}: ${step.title}`,
      String(step.phase),
      verdictText(step),
      step.verdict === "done" ? "" : usdMove(step.usdPerMonthNow, step.usdPerMonthAfter),
    ]),
  );
}

function usersOf({ usersAhead }: ReportData): string {
  const { history, missing } = usersAhead;
  const figure = history.length < 2 ? "" : htmlFigure(usersChart(usersAhead));
  return `${figure}${missing === null ? "" : `<p>No forecast: ${escapeHtml(missing)}.</p>`}`;
}

/** Without a forecast of users there is none of the bill. */
function monthsOf({ usersAhead: { months } }: ReportData): readonly string[] {
  if (months.length === 0) return [];
  const table = htmlTable(
    "The months to come, by the forecast of users",
    ["month", "users", "USD", "steps"],
    months.map((one) => [
      unbroken(one.month),
      rangeText(one.users),
      rangeText(one.usdPerMonth, 2),
      one.steps.join(", "),
    ]),
  );
  return months.length === 1 ? [table] : [htmlFigure(monthsChart(months)), table];
}

/** A hyphen is where a narrow column would break a month. */
function unbroken(month: string): string {
  return month.replace("-", "\u2011");
}

function signalsOf({ curves }: ReportData): readonly string[] {
  if (curves.length === 0) return ["<p>No history yet: a curve takes at least two readings.</p>"];
  return curves.map((curve) => htmlFigure(signalChart(curve)));
}

function billTable({ cost }: ReportData): string {
  const rows = cost.lines.map(({ item, usdPerMonth, assumption, exceeded }) => [
    item,
    usd(usdPerMonth),
    exceeded === undefined ? assumption : `${assumption}. Not enough: ${exceeded}`,
  ]);
  return htmlTable(
    "The bill of what runs, a month of 730 hours",
    ["item", "USD", "assumed"],
    [...rows, ["sum", usd(cost.usdPerMonth), ""]],
  );
}

function rolloutsTable({ rollouts }: ReportData): string {
  if (rollouts.length === 0) return "<p>No step was rolled out yet.</p>";
  return htmlTable(
    "Every step that was rolled out, newest first, with what its gate saw",
    ["step", "when", "seconds", "state", "gate"],
    rollouts.map(({ step, direction, startedAt, seconds, state, gate, reasons }) => [
      direction === "apply" ? step : `rollback of ${step}`,
      startedAt.slice(0, 16).replace("T", " "),
      seconds === null ? "–" : seconds.toFixed(0),
      state,
      [gate, ...reasons].join("; "),
    ]),
  );
}
