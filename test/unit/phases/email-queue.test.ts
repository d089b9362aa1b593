import { describe, expect, it } from "vitest";
import { emailQueue } from "../../../cli/phases/email-queue.ts";
import { baseline, type Topology } from "../../../infra/topology/topology.ts";
import type { Observation } from "../../../infra/observation.ts";
import { baselineHost, phase1Host, up } from "./observations.ts";

const pooled: Topology = { ...baseline, pooler: "pgbouncer" };
const queueHost: Observation = {
  ...phase1Host,
  processes: [...phase1Host.processes, up("mail-worker", "mail-worker"), up("queue-redis", "queue-redis")],
  queue: { evictionPolicy: "noeviction", appendOnly: true, usedBytes: 1_000_000, maxBytes: 33_554_432 },
  mailDelivery: "queue",
};
const failing = (host: Observation): string[] =>
  emailQueue.verify(host).flatMap(({ ok, found }) => (ok ? [] : [found]));

describe("step email-queue", () => {
  it("changes only what it names, and its way back undoes exactly that", () => {
    const after = emailQueue.apply(pooled);
    expect(after).toEqual({ ...pooled, mailDelivery: "queue" });
    expect(emailQueue.revert(after)).toEqual(pooled);
    expect([emailQueue.isDone(pooled), emailQueue.isDone(after)]).toEqual([false, true]);
  });

  it("needs no cache, only the pooler", () => {
    expect(emailQueue.needs.map(({ step }) => step)).toEqual(["connection-pooler"]);
  });

  it("is proven by worker and Redis at work, a Redis that forgets nothing, and what the service says", () => {
    expect(failing(queueHost)).toEqual([]);
    expect(failing({ ...queueHost, queue: { ...queueHost.queue!, evictionPolicy: "allkeys-lru" } })).toEqual([
      "allkeys-lru, with append-only file",
    ]);
    expect(failing({ ...queueHost, queue: { ...queueHost.queue!, appendOnly: false } })).toEqual([
      "noeviction, without append-only file",
    ]);
    expect(failing({ ...queueHost, mailDelivery: "inline and queue" })).toEqual(["inline and queue"]);
    expect(failing(phase1Host)).toEqual(["no process", "no process", "no answer", "inline"]);
  });

  it("is undone when neither runs and requests send their mail, which the baseline shows", () => {
    for (const host of [baselineHost, phase1Host]) {
      expect(emailQueue.verifyUndone(host).every(({ ok }) => ok)).toBe(true);
    }
    expect(emailQueue.verifyUndone(queueHost).map(({ found }) => found)).toEqual([
      "mail-worker",
      "queue-redis",
      "queue",
    ]);
  });
});
