import type { Observation } from "../../infra/observation.ts";
import { figures } from "../../service/contract/figures.ts";
import { beginPhase1 } from "./evidence.ts";
import { equal } from "./proofs.ts";
import type { Proof, Step } from "./step.ts";

/** The raised limits: offices behind one address fit in. */
export const rateLimitsRaised: Step<"rate-limits-raised"> = {
  id: "rate-limits-raised",
  phase: 1,
  title: "50 logins, 200 searches, 200 API calls a minute",
  needs: [],
  isDone: (topology) => topology.limits === "raised",
  apply: (topology) => ({ ...topology, limits: "raised" }),
  revert: (topology) => ({ ...topology, limits: "base" }),
  triggers: [
    {
      signal: "shared-address-refusal-ratio",
      atLeast: 0.01,
      source: "advice table: 1% of requests refused at addresses that many users share",
    },
    beginPhase1,
  ],
  interruption: "none: instances are replaced one at a time behind the router",
  risk: "low",
  leadTimeMinutes: 1,
  verify: (observation) => profile(observation, "after"),
  verifyUndone: (observation) => profile(observation, "before"),
};

function profile(observation: Observation, side: "before" | "after"): readonly Proof[] {
  return figures.rateLimits.map((rule) =>
    equal(
      `limit of ${rule.name}, requests each ${rule.windowSeconds} s`,
      observation.limits?.[rule.name] ?? "no answer",
      rule[side],
    ),
  );
}
