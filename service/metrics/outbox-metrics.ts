import { Gauge, type Registry } from "prom-client";
import { metricNames } from "../contract/metrics.ts";

export const outboxStates = ["waiting", "sending", "failed"] as const;

/** What every process of the shop says of the outbox; without a value until the database was asked. */
export type OutboxMetrics = ReturnType<typeof createOutboxMetrics>;

export function createOutboxMetrics(registry: Registry) {
  const registers = [registry];
  const age = new Gauge({
    name: metricNames.mailOutboxAge,
    help: "Age of the oldest mail in the outbox that is neither sent nor given up",
    registers,
    aggregator: "max",
  });
  // Without this prom-client exports 0 before the first sample.
  age.remove();
  return {
    mails: new Gauge({
      name: metricNames.mailOutbox,
      help: "Mails in the outbox",
      labelNames: ["state"],
      registers,
      aggregator: "max",
    }),
    age,
    quotaPerDay: new Gauge({
      name: metricNames.mailQuotaPerDay,
      help: "Mails a day that the transport takes",
      registers,
      aggregator: "max",
    }),
  };
}
