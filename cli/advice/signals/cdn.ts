import { metricNames as metric } from "../../../service/contract/metrics.ts";
import { leastLoadSeconds, orQuiet, type Signal } from "../signal.ts";

const share = (name: string, window: string, least: number): string =>
  orQuiet(`sum(increase(${name}{cacheable="yes"}[${window}])) / (sum(increase(${name}[${window}])) >= ${least})`, name);

/** Signals of what a CDN before the shop would take off it. */
export const cdnSignals = [
  {
    name: "cacheable-bytes-ratio",
    label: (value) => `${value} of the bytes sent could come from a CDN`,
    meaning: "share of the bodies' bytes that are files of the storefront or answers that are the same for everybody",
    unit: "ratio",
    over: "window",
    // What a hundred small answers weigh.
    query: (window) => share(metric.answerBytes, window, 100_000),
    needs: [metric.answerBytes],
    instances: "together",
    leastHistorySeconds: leastLoadSeconds,
    quiet: "fewer than 100,000 bytes",
  },
  {
    name: "cacheable-request-ratio",
    label: (value) => `${value} of the requests could be answered by a CDN`,
    meaning: "share of requests whose answers are files of the storefront or the same for everybody",
    unit: "ratio",
    over: "window",
    query: (window) => share(metric.answers, window, 100),
    needs: [metric.answers],
    instances: "together",
    leastHistorySeconds: leastLoadSeconds,
    quiet: "fewer than 100 requests",
  },
] as const satisfies readonly Signal[];
