import type { Observation } from "../../infra/observation.ts";
import { completePhase3 } from "./evidence.ts";
import type { Proof, Step } from "./step.ts";

/** The statements that are sent most are planned once for each connection and not each time; their answers stay the same. */
export const queryOptimisation: Step<"query-optimisation"> = {
  id: "query-optimisation",
  phase: 3,
  title: "sessions, sign-ins and products asked for by functions that keep their plans",
  needs: [],
  isDone: (topology) => topology.queries === "optimised",
  apply: (topology) => ({ ...topology, queries: "optimised" }),
  revert: (topology) => ({ ...topology, queries: "plain" }),
  triggers: [
    {
      signal: "costliest-statement-share",
      atLeast: 0.3,
      source: "advice table: one statement takes 30% of the database's time",
    },
    completePhase3,
  ],
  interruption: "none: instances are replaced one at a time",
  risk: "low",
  leadTimeMinutes: 2,
  verify: (observation) => [sent(observation, "optimised")],
  verifyUndone: (observation) => [sent(observation, "plain")],
};

function sent({ queryForms = {} }: Observation, expected: "plain" | "optimised"): Proof {
  const found = Object.entries(queryForms);
  return {
    what: "form of the statements that instances send",
    ok: found.length > 0 && found.every(([, form]) => form === expected),
    found: found.length === 0 ? "no answer" : found.map(([name, form]) => `${name}: ${form || "unknown"}`).join(", "),
    expected,
  };
}
