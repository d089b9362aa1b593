import type { Queue } from "bullmq";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import { metricNames } from "../contract/metrics.ts";
import { mailKinds, type MailTransportName } from "../mail/mail.ts";
import { createOutboxMetrics } from "../metrics/outbox-metrics.ts";

/** From a mail that goes out at once to one that was held for a day. */
const delayBuckets = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1_800, 7_200, 21_600, 86_400];
const queueStates = ["waiting", "active", "delayed"] as const;

/** The metrics of a mail worker; counters stand at zero from the start, so that rates can be taken. */
export type WorkerMetrics = ReturnType<typeof createWorkerMetrics>;

export function createWorkerMetrics(transport: MailTransportName) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const metrics = {
    registry,
    outbox: createOutboxMetrics(registry),
    mailMessages: new Counter({
      name: metricNames.mailMessages,
      help: "Mails handed to the transport",
      labelNames: ["kind", "transport", "outcome"],
      registers,
    }),
    mailDead: new Counter({ name: metricNames.mailDead, help: "Mails given up", labelNames: ["kind"], registers }),
    mailTakenOver: new Counter({
      name: metricNames.mailTakenOver,
      help: "Mails taken over from a worker that said nothing more",
      registers,
    }),
    mailDelay: new Histogram({
      name: metricNames.mailDelay,
      help: "Time from the outbox to the provider's acceptance",
      buckets: delayBuckets,
      registers,
    }),
    mailHeld: new Gauge({ name: metricNames.mailHeld, help: "1 while the day's quota holds mail", registers }),
    queueJobs: new Gauge({ name: metricNames.queueJobs, help: "Jobs of the queue", labelNames: ["state"], registers }),
    buildInfo: new Gauge({
      name: metricNames.buildInfo,
      help: "Instance and release that run",
      labelNames: ["instance", "release"],
      registers,
    }),
  };
  for (const kind of mailKinds) {
    metrics.mailDead.inc({ kind }, 0);
    for (const outcome of ["accepted", "failed"]) metrics.mailMessages.inc({ kind, transport, outcome }, 0);
  }
  return metrics;
}

/** Counts the jobs; while Redis does not answer there is no value. */
export async function countJobs(metrics: WorkerMetrics, queue: Queue): Promise<void> {
  try {
    const counts = await queue.getJobCounts(...queueStates);
    for (const state of queueStates) metrics.queueJobs.set({ state }, counts[state] ?? 0);
  } catch {
    metrics.queueJobs.reset();
  }
}
