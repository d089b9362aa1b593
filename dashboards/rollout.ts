import { figures } from "../service/contract/figures.ts";
import { metricNames as metric } from "../service/contract/metrics.ts";
import type { Dashboard } from "./panel.ts";

/** What a gate looks at, to watch while a step or a release is rolled out. */
export const rollout: Dashboard = {
  uid: "shop-rollout",
  title: "Shop: rollout",
  description: "To watch during shopctl scale apply and shopctl deploy: failures, latency, and which instances serve.",
  from: "now-30m",
  refresh: "5s",
  rows: [
    {
      title: "Failures and latency",
      panels: [
        {
          title: "Failed requests at the router",
          description: "5xx that shoppers got, and answers that were cut off. A gate lets none through.",
          unit: "reqps",
          queries: [
            {
              expr: 'sum(rate(haproxy_frontend_http_responses_total{proxy="shoppers",code="5xx"}[1m]))',
              legend: "5xx",
            },
            { expr: "sum(rate(haproxy_backend_server_aborts_total[1m]))", legend: "cut off" },
          ],
        },
        {
          title: "p50, p95, p99",
          description: "Inside the shop, over all routes.",
          unit: "s",
          threshold: figures.objectives.responseSecondsMax,
          queries: ["0.5", "0.95", "0.99"].map((quantile) => ({
            expr: `histogram_quantile(${quantile}, sum by (le) (rate(${metric.httpDuration}_bucket[1m])))`,
            legend: `p${Number(quantile) * 100}`,
          })),
        },
      ],
    },
    {
      title: "Who serves",
      panels: [
        {
          title: "Requests by instance",
          description: "The new ones take over from the old ones.",
          unit: "reqps",
          queries: [{ expr: `sum by (instance) (rate(${metric.httpRequests}[1m]))`, legend: "{{instance}}" }],
        },
        {
          title: "Instances by release",
          description: "Those that answer Prometheus.",
          unit: "short",
          queries: [{ expr: `count by (release) (${metric.buildInfo})`, legend: "{{release}}" }],
        },
        {
          title: "Servers that the router uses",
          description: "Healthy and not drained.",
          unit: "short",
          queries: [{ expr: "haproxy_backend_active_servers", legend: "{{proxy}}" }],
        },
      ],
    },
    {
      title: "What a rollout may wear out",
      panels: [
        {
          title: "Connections at the database",
          description: "Two generations of instances stand beside each other for a moment.",
          unit: "percentunit",
          threshold: 0.8,
          queries: [
            { expr: `max(${metric.serverConnections} / ${metric.serverConnectionsMax})`, legend: "of the plan's" },
          ],
        },
        {
          title: "Processes that died",
          description: "Workers of instances that were replaced, and starts of instances.",
          unit: "short",
          queries: [
            { expr: `sum(increase(${metric.workerRestarts}[5m]))`, legend: "workers" },
            { expr: `changes(${metric.processStart}{job="shop"}[5m])`, legend: "{{instance}}" },
          ],
        },
        {
          title: "Hits of the shop's caches",
          description: "A new instance begins without answers of its own.",
          unit: "percentunit",
          queries: [
            {
              expr: `sum(rate(${metric.cacheHits}[1m])) / (sum(rate(${metric.cacheHits}[1m])) + sum(rate(${metric.cacheMisses}[1m])))`,
              legend: "hits",
            },
          ],
        },
      ],
    },
  ],
};
