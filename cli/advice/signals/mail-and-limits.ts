import { metricNames as metric } from "../../../service/contract/metrics.ts";
import { p95Of, shareOf } from "../counters.ts";
import { reportedByAny } from "../gauges.ts";
import type { Signal } from "../signal.ts";
import { valueOf } from "../snapshot.ts";

/** Fewer mails than this and one failure reads as a tenth of them or more. */
const leastMails = 10;
/** A threshold of 1% needs a hundred requests to be one of them. */
const leastRequests = 100;

/** Signals of mail and of the limits that shoppers meet. */
export const mailAndLimitSignals = [
  {
    name: "mail-quota-ratio",
    label: (value) => `${value} of the day's mail quota used`,
    meaning: "mails of the last 24 hours over the mails a day that the transport takes",
    unit: "ratio",
    resource: "mails a day of the transport",
    over: "instant",
    query: () => `max(${metric.mailLastDay} / ${metric.mailQuotaPerDay})`,
    read: ({ snapshots }) =>
      reportedByAny(snapshots, metric.mailLastDay, (endpoint) => {
        const [mails, quota] = [valueOf(endpoint, metric.mailLastDay), valueOf(endpoint, metric.mailQuotaPerDay)];
        return mails === undefined || quota === undefined || !(quota > 0) ? undefined : mails / quota;
      }),
  },
  {
    name: "mail-failure-ratio",
    label: (value) => `${value} of mails not taken by the transport`,
    meaning: "share of mails that the transport did not take",
    unit: "ratio",
    over: "window",
    query: (window) =>
      `sum(increase(${metric.mailMessages}{outcome="failed"}[${window}])) / sum(increase(${metric.mailMessages}[${window}]))`,
    read: ({ snapshots }) =>
      shareOf(
        snapshots,
        { name: metric.mailMessages, label: "outcome", value: "failed" },
        { name: metric.mailMessages, least: leastMails, of: "mails" },
        ["shop", "mail-worker"],
      ),
  },
  {
    name: "mail-in-request-p95",
    label: (value) => `95 of 100 mails take their request ${value}`,
    meaning: "95 of 100 mails that requests send themselves took them no longer than this",
    unit: "s",
    over: "window",
    query: (window) =>
      `histogram_quantile(0.95, sum by (le) (increase(${metric.mailInRequest}_bucket{delivery="inline"}[${window}])))`,
    read: ({ snapshots }) => p95Of(snapshots, metric.mailInRequest, { label: "delivery", value: "inline" }),
  },
  {
    name: "mails-lost",
    label: (value) => (value === "1" ? "1 order without its mail" : `${value} orders without their mail`),
    meaning: "orders of the last hour whose confirmation was lost with the process that should send it",
    unit: "count",
    over: "instant",
    query: () => `max(${metric.mailUnsent})`,
    read: ({ snapshots }) =>
      reportedByAny(snapshots, metric.mailUnsent, (endpoint) => valueOf(endpoint, metric.mailUnsent)),
  },
  {
    name: "shared-address-refusal-ratio",
    label: (value) => `${value} of requests refused at shared addresses`,
    meaning: "share of all requests that a limit refused at addresses that five or more signed-in users share",
    unit: "ratio",
    resource: "rate limits per address",
    over: "window",
    query: (window) =>
      `sum(increase(${metric.limitRefusals}{address="shared"}[${window}])) / sum(increase(${metric.httpRequests}[${window}]))`,
    read: ({ snapshots }) =>
      shareOf(
        snapshots,
        { name: metric.limitRefusals, label: "address", value: "shared" },
        { name: metric.httpRequests, least: leastRequests, of: "requests" },
      ),
  },
] as const satisfies readonly Signal[];
