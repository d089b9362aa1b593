import { beginPhase1, tierUsedUp } from "./evidence.ts";
import { belowTier, fromTier } from "./proofs.ts";
import type { Step } from "./step.ts";

/** One core and 2 GiB for each instance instead of half a core and 512 MiB. */
export const tierStandard: Step<"tier-standard"> = {
  id: "tier-standard",
  phase: 1,
  title: "1 CPU and 2 GiB for each instance",
  needs: [],
  isDone: (topology) => topology.tier !== "starter",
  apply: (topology) => ({ ...topology, tier: "standard" }),
  revert: (topology) => ({ ...topology, tier: "starter" }),
  triggers: [...tierUsedUp, beginPhase1],
  interruption: "none: a larger instance is healthy before the old one is drained",
  risk: "low",
  leadTimeMinutes: 1,
  verify: (observation) => fromTier(observation, "standard"),
  verifyUndone: (observation) => belowTier(observation, "standard"),
};
