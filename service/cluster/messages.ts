import type { Registry } from "prom-client";

/** Every series of a process, as prom-client adds them up. */
export type MetricsSnapshot = Awaited<ReturnType<Registry["getMetricsAsJSON"]>>;

/** What the primary asks of a worker; `id` comes back with the answer. */
export type Question = { readonly ask: "metrics" | "forget"; readonly id: number };
export type ToWorker = Question | { readonly ask: "stop" };

/** Why a worker should get no traffic; null when it should. Sent when it changes and as a sign of life. */
export interface WorkerState {
  readonly tell: "state";
  readonly notReady: string | null;
}

/** `failed` when the work could not be done. */
export interface WorkerAnswer {
  readonly tell: "answer";
  readonly id: number;
  readonly failed: boolean;
  readonly metrics?: MetricsSnapshot;
}
export type FromWorker = WorkerState | WorkerAnswer;
