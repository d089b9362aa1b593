import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../store/database.ts";
import { giveUpOpenMails, listOpenMails, makeAllDue, type OpenMail } from "../store/outbox-rest.ts";
import type { MailCourier } from "./mail-courier.ts";

/** As many as the SMTP transport has connections. */
const concurrency = 4;
/** Before leases are looked at again. */
const pauseMs = 500;

export interface OutboxDelivery {
  readonly database: Database;
  readonly courier: MailCourier;
  /** Longest time for all of it; it should outlast a lease, for a mail in the hand of a dead worker is free only then. */
  readonly withinMs: number;
}

/**
 * Empties the outbox without a queue: each mail gets one try now, and what cannot be sent is given up, where an operator
 * sees it. Gives the number of mails that were given up here. For when no worker runs, or none will run any more.
 */
export async function deliverOutbox({ database, courier, withinMs }: OutboxDelivery): Promise<number> {
  const deadline = performance.now() + withinMs;
  const tried = new Set<string>();
  await makeAllDue(database);
  while (performance.now() < deadline) {
    const open = (await listOpenMails(database)).filter(({ id }) => !tried.has(id));
    if (open.length === 0) break;
    const free = open.filter(({ leased }) => !leased);
    if ((await deliverAll(free, courier, { tried, deadline })) === "held") break;
    if (free.length === 0) await sleep(pauseMs);
  }
  return giveUpOpenMails(database);
}

/** Held when the day's quota is used up: waiting would not help today. */
async function deliverAll(
  mails: readonly OpenMail[],
  courier: MailCourier,
  { tried, deadline }: { readonly tried: Set<string>; readonly deadline: number },
): Promise<"done" | "held"> {
  const queue = mails.map(({ id }) => id);
  let held = false;
  const courierRound = async (): Promise<void> => {
    for (let id = queue.shift(); id !== undefined && !held && performance.now() < deadline; id = queue.shift()) {
      const delivery = await courier.deliver(id);
      if (delivery.next === "hold") held = true;
      tried.add(id);
    }
  };
  // Mails in hand are noted before anybody lets go of the database.
  const rounds = await Promise.allSettled(Array.from({ length: concurrency }, courierRound));
  const failed = rounds.find((round) => round.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return held ? "held" : "done";
}
