import { metricNames as metric } from "../service/contract/metrics.ts";
import type { AlertRule } from "./alert.ts";
import { outageAlerts } from "./outage-alerts.ts";
import { shortageAlerts } from "./shortage-alerts.ts";

/** A recording rule of Prometheus. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** What dashboards and alerts both ask for, computed once. */
export const recordingRules: readonly RecordingRule[] = [
  { record: "shop:requests:rate5m", expr: `sum(rate(${metric.httpRequests}[5m]))` },
  {
    record: "shop:errors:ratio5m",
    expr: `sum(rate(${metric.httpRequests}{status=~"5.."}[5m])) / sum(rate(${metric.httpRequests}[5m]))`,
  },
  // What shoppers get: also where no instance answers, and never what only the CDN was given. Both series exist from zero,
  // so a burst in a new instance's first seconds shows here; its own series begins with it, where `rate` sees no growth.
  {
    record: "router:errors:ratio5m",
    expr: 'sum(rate(haproxy_frontend_http_responses_total{proxy="shoppers",code="5xx"}[5m])) / sum(rate(haproxy_frontend_http_requests_total{proxy="shoppers"}[5m]))',
  },
  {
    record: "shop:latency_seconds:p95_5m",
    expr: `histogram_quantile(0.95, sum by (le) (rate(${metric.httpDuration}_bucket[5m])))`,
  },
];

/** Every alert, in groups: of more than twenty a group is refused (`rules-file.ts`). */
export const alertGroups = { outages: outageAlerts, shortages: shortageAlerts };
export const alertRules: readonly AlertRule[] = Object.values(alertGroups).flat();
