import { metricNames as metric } from "../../../service/contract/metrics.ts";
import { leastLoadSeconds, type Signal } from "../signal.ts";

/** Signals of mail and of the limits that shoppers meet. */
export const mailAndLimitSignals = [
  {
    name: "mail-quota-ratio",
    label: (value) => `${value} of the day's mail quota used`,
    meaning: "mails of the last 24 hours over the mails a day that the transport takes",
    unit: "ratio",
    resource: "mails a day of the transport",
    over: "window",
    query: () => `max(${metric.mailLastDay} / ${metric.mailQuotaPerDay})`,
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
      `sum(increase(${metric.mailMessages}{outcome="failed"}[${window}])) / sum(increase(${metric.mailMessages}[${window}])) and on () sum(increase(${metric.mailMessages}[${window}])) >= 10`,
    needs: [metric.mailMessages],
    instances: "together",
    leastHistorySeconds: leastLoadSeconds,
    quiet: "fewer than 10 mails",
    windowHours: 24,
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
      `sum(increase(${metric.limitRefusals}{address="shared"}[${window}])) / sum(increase(${metric.httpRequests}[${window}])) and on () sum(increase(${metric.httpRequests}[${window}])) >= 100`,
    needs: [metric.limitRefusals, metric.httpRequests],
    instances: "together",
    leastHistorySeconds: leastLoadSeconds,
    quiet: "fewer than 100 requests",
  },
] as const satisfies readonly Signal[];
