import { metricNames as metric } from "../../../service/contract/metrics.ts";
import { leastLoadSeconds, orQuiet, type Signal } from "../signal.ts";

/** Mails of a window, whoever sent them: the instances, or the worker that stands behind them. */
function mailsOf(matcher: string, window: string): string {
  const byWorker = [matcher, 'job="mail-worker"'].filter(Boolean).join(",");
  return `sum(increase(${metric.mailMessages}{${matcher}}[${window}]) or increase(${metric.mailMessages}{${byWorker}}[${window}]))`;
}

/** Signals of mail and of the limits that shoppers meet. */
export const mailAndLimitSignals = [
  {
    name: "mail-quota-ratio",
    label: (value) => `${value} of the day's mail quota used`,
    meaning: "mails of the last 24 hours over the mails a day that the transport takes",
    unit: "ratio",
    resource: "mails a day of the transport",
    over: "window",
    // Of whoever was scraped last: direct scrapes do not say that an instance ended, and one that was replaced has the quota of
    // the transport before for the five minutes that Prometheus looks back.
    query: () =>
      `max(${metric.mailLastDay} / ${metric.mailQuotaPerDay} and (timestamp(${metric.mailQuotaPerDay}) == on () group_left () max(timestamp(${metric.mailQuotaPerDay}))))`,
    needs: [metric.mailLastDay, metric.mailQuotaPerDay],
    instances: "any",
    leastHistorySeconds: 0,
    forecast: true,
  },
  {
    name: "mail-failure-ratio",
    label: (value) => `${value} of mails not taken by the transport`,
    meaning: "share of mails that the transport did not take",
    unit: "ratio",
    over: "window",
    // Fewer mails than ten, and one failure reads as a tenth of them or more.
    query: (window) =>
      orQuiet(`${mailsOf('outcome="failed"', window)} / (${mailsOf("", window)} >= 10)`, metric.mailMessages),
    needs: [metric.mailMessages],
    instances: "together",
    leastHistorySeconds: leastLoadSeconds,
    quiet: "fewer than 10 mails",
    windowHours: 24,
  },
  {
    name: "mail-in-request-p95",
    label: (value) => `95 of 100 mails take their request ${value}`,
    meaning: "95 of 100 mails that requests send themselves took them no longer than this",
    unit: "s",
    over: "window",
    query: (window) =>
      orQuiet(
        `histogram_quantile(0.95, sum by (le) (rate(${metric.mailInRequest}_bucket{delivery="inline"}[${window}]))) and on () sum(increase(${metric.mailInRequest}_bucket{delivery="inline",le="+Inf"}[${window}])) >= 20`,
        `${metric.mailInRequest}_bucket{le="+Inf"}`,
      ),
    needs: [`${metric.mailInRequest}_bucket`],
    instances: "together",
    leastHistorySeconds: leastLoadSeconds,
    quiet: "fewer than 20 mails sent by requests",
  },
  {
    name: "mails-lost",
    label: (value) => (value === "1" ? "1 order without its mail" : `${value} orders without their mail`),
    meaning: "orders of an hour whose confirmation was lost with the process that should send it",
    unit: "count",
    over: "event",
    query: (window) => `max(max_over_time(${metric.mailUnsent}[${window}])) > 0`,
    needs: [metric.mailUnsent],
    instances: "any",
    leastHistorySeconds: leastLoadSeconds,
    quiet: "no order without its mail",
  },
  {
    name: "shared-address-refusal-ratio",
    label: (value) => `${value} of requests refused at shared addresses`,
    meaning: "share of all requests that a limit refused at addresses that five or more signed-in users share",
    unit: "ratio",
    resource: "rate limits per address",
    over: "window",
    // A threshold of 1% needs a hundred requests to be one of them.
    query: (window) =>
      orQuiet(
        `sum(increase(${metric.limitRefusals}{address="shared"}[${window}])) / (sum(increase(${metric.httpRequests}[${window}])) >= 100)`,
        `(${metric.limitRefusals} and on () ${metric.httpRequests})`,
      ),
    needs: [metric.limitRefusals, metric.httpRequests],
    instances: "together",
    leastHistorySeconds: leastLoadSeconds,
    quiet: "fewer than 100 requests",
  },
] as const satisfies readonly Signal[];
