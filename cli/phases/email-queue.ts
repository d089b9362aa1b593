import type { Observation } from "../../infra/observation.ts";
import { completePhase2 } from "./evidence.ts";
import { equal, noProcess, processesUp } from "./proofs.ts";
import type { Proof, Step } from "./step.ts";

const delivery = "how the service says that it delivers mail";

/** Requests write mail down with what it is about; a worker delivers it. No mail is lost with a process, none delays an answer. */
export const emailQueue: Step<"email-queue"> = {
  id: "email-queue",
  phase: 2,
  title: "mail delivered by a worker from a queue",
  needs: [
    {
      step: "connection-pooler",
      because:
        "the worker's connections share the database's with those of two generations of instances only through it",
    },
  ],
  isDone: (topology) => topology.mailDelivery === "queue",
  apply: (topology) => ({ ...topology, mailDelivery: "queue" }),
  revert: (topology) => ({ ...topology, mailDelivery: "request" }),
  triggers: [
    {
      signal: "mail-in-request-p95",
      atLeast: 0.2,
      source: "advice table: mail takes 95 of 100 requests that send one 200 ms",
    },
    { signal: "mails-lost", atLeast: 1, source: "advice table: any mail lost to a restart" },
    completePhase2,
  ],
  interruption: "none: the worker runs before the first request leaves mail to it, and goes when the outbox is empty",
  risk: "low",
  leadTimeMinutes: 1,
  verify: (observation) => [
    processesUp(observation, "mail-worker"),
    processesUp(observation, "queue-redis"),
    keepsJobs(observation),
    equal(delivery, observation.mailDelivery ?? "no answer", "queue"),
  ],
  verifyUndone: (observation) => [
    noProcess(observation, "mail-worker"),
    noProcess(observation, "queue-redis"),
    equal(delivery, observation.mailDelivery ?? "no answer", "inline"),
  ],
};

/** A queue's Redis that evicts, or forgets over a restart, costs no mail but much work. */
function keepsJobs({ queue }: Observation): Proof {
  return {
    what: "the queue's Redis forgets no job",
    ok: queue?.evictionPolicy === "noeviction" && queue.appendOnly,
    found:
      queue === undefined
        ? "no answer"
        : `${queue.evictionPolicy}, ${queue.appendOnly ? "with" : "without"} append-only file`,
    expected: "noeviction, with append-only file",
  };
}
