import type { Action } from "../load/mix.ts";
import type { Counts } from "../load/tally.ts";
import type { TrafficReport, TrafficStats } from "../load/traffic-report.ts";
import { columns } from "./columns.ts";
import { style } from "./style.ts";

const routeNames: Readonly<Record<Action, string>> = {
  login: "sign in",
  search: "search",
  productList: "product list",
  productDetail: "product",
  ownOrders: "own orders",
  placeOrder: "place an order",
};

/** One second of load in one line. */
export function renderInterval(
  second: number,
  { sentPerSecond, ok, refused, failures, latencyMs, inFlight }: TrafficStats,
): string {
  const counts = `${sentPerSecond.toFixed(0)}/s  ok ${ok}  refused ${refused}  ${failed(failures)}  in flight ${inFlight}`;
  return `${String(second).padStart(4)} s  ${counts}  p50 ${ms(latencyMs.p50)}  p95 ${ms(latencyMs.p95)}  longest ${ms(latencyMs.longest)}`;
}

/** The closing table: every request by route and by how it ended. */
export function renderReport(report: TrafficReport): string {
  const head = [
    "",
    "sent",
    "ok",
    "429",
    "sold out",
    "4xx",
    "5xx",
    "no answer",
    "timeout",
    "other",
    "p50",
    "p95",
    "p99",
    "longest",
  ];
  const routes = Object.entries(routeNames) as readonly (readonly [Action, string])[];
  const rows = routes.map(([action, name]) => row(name, report.routes[action]));
  const closing = `${report.sent.toLocaleString("en-US")} requests in ${report.seconds.toFixed(1)} s (${report.sentPerSecond.toFixed(1)}/s), ${failed(report.failures)}`;
  const left = report.abandoned === 0 ? "" : `, ${report.abandoned} without an answer at the end`;
  const examples = report.failed.map(
    ({ at, action, outcome, detail }) => `  ${at} ${routeNames[action]}: ${outcome}, ${detail}`,
  );
  const lag = `Latency is from the scheduled start; the driver itself was at most ${ms(report.driverLagMs)} late.`;
  return [columns([head, ...rows, row("all", report)]), "", `${closing}${left}`, ...examples, style.dim(lag)].join(
    "\n",
  );
}

function row(name: string, counts: Counts): readonly string[] {
  const { sent, ok, refused, soldOut, clientError, serverError, connectionError, timeout, unexpected, latencyMs } =
    counts;
  const numbers = [sent, ok, refused, soldOut, clientError, serverError, connectionError, timeout, unexpected];
  return [name, ...numbers.map(String), ...[latencyMs.p50, latencyMs.p95, latencyMs.p99, latencyMs.longest].map(ms)];
}

function failed(failures: number): string {
  return failures === 0 ? style.green("0 failed") : style.red(`${failures} FAILED`);
}

function ms(value: number): string {
  return value < 10 ? `${value.toFixed(1)} ms` : `${value.toFixed(0)} ms`;
}
