import { metricNames as metric } from "../../../service/contract/metrics.ts";
import { shareOf } from "../counters.ts";
import type { Signal } from "../signal.ts";

/** Shares of fewer answers than this are chance. */
const leastAnswers = 100;
/** What a hundred small answers weigh. */
const leastBytes = 100_000;

const share = (name: string, window: string): string =>
  `sum(increase(${name}{cacheable="yes"}[${window}])) / sum(increase(${name}[${window}]))`;

/** Signals of what a CDN before the shop would take off it. */
export const cdnSignals = [
  {
    name: "cacheable-bytes-ratio",
    label: (value) => `${value} of the bytes sent could come from a CDN`,
    meaning: "share of the bodies' bytes that are files of the storefront or answers that are the same for everybody",
    unit: "ratio",
    over: "window",
    query: (window) => share(metric.answerBytes, window),
    read: ({ snapshots }) =>
      shareOf(
        snapshots,
        { name: metric.answerBytes, label: "cacheable", value: "yes" },
        { name: metric.answerBytes, least: leastBytes, of: "bytes" },
      ),
  },
  {
    name: "cacheable-request-ratio",
    label: (value) => `${value} of the requests could be answered by a CDN`,
    meaning: "share of requests whose answers are files of the storefront or the same for everybody",
    unit: "ratio",
    over: "window",
    query: (window) => share(metric.answers, window),
    read: ({ snapshots }) =>
      shareOf(
        snapshots,
        { name: metric.answers, label: "cacheable", value: "yes" },
        { name: metric.answers, least: leastAnswers, of: "requests" },
      ),
  },
] as const satisfies readonly Signal[];
