import type { Logger } from "pino";
import type { MailTransportName } from "../mail/mail.ts";
import type { CourierEvent } from "./mail-courier.ts";
import type { WorkerMetrics } from "./worker-metrics.ts";

/** Counts and logs what the courier did: ids and kinds, no addresses, no contents. */
export function reportEvents(parts: {
  readonly metrics: WorkerMetrics;
  readonly logger: Logger;
  readonly transport: MailTransportName;
}): (id: string, event: CourierEvent) => void {
  const { metrics, logger, transport } = parts;
  return (id, event) => {
    switch (event.event) {
      case "sent":
        metrics.mailMessages.inc({ kind: event.kind, transport, outcome: "accepted" });
        metrics.mailDelay.observe(event.waitedSeconds);
        return;
      case "failed": {
        const { kind, error } = event;
        metrics.mailMessages.inc({ kind, transport, outcome: "failed" });
        if (event.final) metrics.mailDead.inc({ kind });
        logger.warn({ mail: id, kind, transport, error }, event.final ? "mail given up" : "mail failed, to be retried");
        return;
      }
      case "expired":
        metrics.mailDead.inc({ kind: event.kind });
        logger.warn({ mail: id, kind: event.kind }, "mail given up: its code ended before it could be sent");
        return;
      case "taken-over":
        metrics.mailTakenOver.inc();
        logger.warn({ mail: id }, "mail taken over from a worker that said nothing more; it may have been sent before");
        return;
      case "not-noted":
        logger.error({ mail: id, error: event.error }, "what became of a mail could not be noted yet");
        return;
      default:
        throw new TypeError(`an event of no kind: ${String(event satisfies never)}`);
    }
  };
}
