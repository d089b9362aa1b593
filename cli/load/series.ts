import { startSpan, type Span } from "./span.ts";

/** What shoppers got in one second. */
export interface SecondOfTraffic {
  /** When it ended, ms since 1970. */
  readonly atMs: number;
  /** Answered, refusals included. */
  readonly answered: number;
  readonly refused: number;
  readonly failed: number;
  /** 0 without an answer. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Series {
  readonly span: Span;
  readonly seconds: () => readonly SecondOfTraffic[];
  readonly stop: () => void;
}

/** Half an hour; a longer run keeps its newest. */
const mostSeconds = 1_800;

/** Counts by the second from now on. */
export function startSeries(): Series {
  const span = startSpan();
  const seconds: SecondOfTraffic[] = [];
  const timer = setInterval(() => {
    const { sent: _sent, failures, refused, latencyMs, ...outcomes } = span.counts.all();
    const { ok, soldOut } = outcomes;
    span.reset();
    if (seconds.length === mostSeconds) seconds.shift();
    seconds.push({
      atMs: Date.now(),
      answered: ok + soldOut + refused + failures,
      refused,
      failed: failures,
      p50Ms: latencyMs.p50,
      p99Ms: latencyMs.p99,
    });
  }, 1_000);
  return { span, seconds: () => [...seconds], stop: () => clearInterval(timer) };
}
