import { completePhase2, tierUsedUp } from "./evidence.ts";
import { belowTier, fromTier } from "./proofs.ts";
import type { Step } from "./step.ts";

/** Two cores and 4 GiB for each instance, which runs a worker on each core: one Node process cannot use two. */
export const tierPro: Step<"tier-pro"> = {
  id: "tier-pro",
  phase: 2,
  title: "2 CPU and 4 GiB for each instance, two workers",
  needs: [
    { step: "tier-standard", because: "the way back leads to the standard tier" },
    { step: "connection-pooler", because: "twice as many processes share the database's connections only through it" },
    {
      step: "cache-redis",
      because: "limits and cached answers of two workers are the same ones only when they share them",
    },
  ],
  isDone: (topology) => topology.tier === "pro",
  apply: (topology) => ({ ...topology, tier: "pro" }),
  revert: (topology) => ({ ...topology, tier: "standard" }),
  triggers: [...tierUsedUp, completePhase2],
  interruption: "none: a larger instance is healthy before the old one is drained",
  risk: "low",
  leadTimeMinutes: 1,
  verify: (observation) => fromTier(observation, "pro"),
  verifyUndone: (observation) => belowTier(observation, "pro"),
};
