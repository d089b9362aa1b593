import { beginPhase1, slowerThanObjective } from "./evidence.ts";
import { tierLimits } from "./proofs.ts";
import type { Step } from "./step.ts";

const onlyWith = slowerThanObjective;

/** One core and 2 GiB for each instance instead of half a core and 512 MiB. */
export const tierStandard: Step<"tier-standard"> = {
  id: "tier-standard",
  phase: 1,
  title: "1 CPU and 2 GiB for each instance",
  needs: [],
  isDone: (topology) => topology.tier !== "starter",
  apply: (topology) => ({ ...topology, tier: "standard" }),
  revert: (topology) => ({ ...topology, tier: "starter" }),
  triggers: [
    {
      signal: "cpu-of-tier",
      atLeast: 0.7,
      source: "advice table: 70% of the tier's CPU, with p95 over its objective",
      onlyWith,
    },
    {
      signal: "memory-of-tier",
      atLeast: 0.8,
      source: "advice table: 80% of the tier's memory, with p95 over its objective",
      onlyWith,
    },
    {
      signal: "event-loop-utilisation",
      atLeast: 0.8,
      source: "advice table: event loop 80% busy, with p95 over its objective",
      onlyWith,
    },
    beginPhase1,
  ],
  interruption: "none: a larger instance is healthy before the old one is drained",
  risk: "low",
  leadTimeMinutes: 1,
  verify: (observation) => tierLimits(observation, "standard"),
  verifyUndone: (observation) => tierLimits(observation, "starter"),
};
