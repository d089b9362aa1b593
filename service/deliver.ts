import type { Delivery } from "./contract/delivery.ts";
import { createTransport, mailTimeoutMs } from "./mail/create-transport.ts";
import { deliverOutbox } from "./queue/deliver-outbox.ts";
import { MailCourier } from "./queue/mail-courier.ts";
import { ConfigError } from "./read-variables.ts";
import { Database } from "./store/database.ts";
import { readDeliveryConfig, type DeliveryConfig } from "./worker-config.ts";

/** Beyond the lease of a worker that died, time for the mails themselves. */
const beyondLeaseMs = 60_000;
/** After this run. */
const laterMs = 3_600_000;

/** Sends what stands in the outbox. */
async function deliver({ databaseUrl, databasePoolSize, leaseMs, mail }: DeliveryConfig): Promise<Delivery> {
  const transport = createTransport(mail);
  const database = new Database({
    url: databaseUrl,
    poolSize: databasePoolSize,
    onWait: () => undefined,
    onError: (error) => console.error(`lost a connection to the database: ${error.message}`),
  });
  let sent = 0;
  let failed = 0;
  const courier = new MailCourier({
    database,
    transport,
    from: mail.from,
    timeoutMs: mailTimeoutMs,
    quotaPerDay: mail.quotaPerDay,
    // Each mail has one try now, however many it had before; what fails is given up at the end.
    attempts: Number.MAX_SAFE_INTEGER,
    backoffMs: laterMs,
    leaseMs,
    onEvent: (id, event) => {
      if (event.event === "sent") sent += 1;
      if (event.event === "expired" || (event.event === "failed" && event.final)) failed += 1;
      if (event.event !== "sent")
        console.error(`mail ${id}: ${event.event}${"error" in event ? ` ${event.error}` : ""}`);
    },
  });
  try {
    // In this order: `failed += await …` would add to what there was before.
    const leftOver = await deliverOutbox({ database, courier, withinMs: leaseMs + beyondLeaseMs });
    return { schema: "shop.delivery/1", sent, failed: failed + leftOver };
  } finally {
    transport.close();
    await database.close();
  }
}

/**
 * Empties the outbox where no worker does, once: `node deliver.js` with the variables of `worker-config.ts`, Redis
 * aside. What cannot be sent now is given up and may be tried again. Exits 0 when nothing is left open, 2 on wrong
 * configuration, 1 on failure.
 */
try {
  console.log(JSON.stringify(await deliver(readDeliveryConfig(process.env))));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof ConfigError ? 2 : 1;
}
