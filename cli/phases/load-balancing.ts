import { counted } from "./counted.ts";
import { completePhase3 } from "./evidence.ts";
import type { Observation } from "../../infra/observation.ts";
import type { Proof, Step } from "./step.ts";

/** One instance may be away, for a deployment or a crash, and the shop is still there. */
const instancesBalanced = 2;

/** Two instances behind the router, which sends each request to the one with the fewest at work. */
export const loadBalancing: Step<"load-balancing"> = {
  id: "load-balancing",
  phase: 3,
  title: "2 instances behind the router",
  needs: [
    {
      step: "cache-redis",
      because: "limits and cached answers of two instances are the same ones only when they share them",
    },
  ],
  isDone: (topology) => topology.instances >= instancesBalanced,
  apply: (topology) => ({ ...topology, instances: Math.max(topology.instances, instancesBalanced) }),
  revert: (topology) => ({ ...topology, instances: 1 }),
  triggers: [
    { signal: "cpu-of-tier", atLeast: 0.7, source: "advice table: one instance at 70% of its CPU at the peak" },
    completePhase3,
  ],
  interruption: "none: the second instance is healthy before the router takes it in",
  risk: "low",
  leadTimeMinutes: 1,
  verify: (observation) => [serving(observation, (count) => count >= instancesBalanced, "2 or more")],
  verifyUndone: (observation) => [serving(observation, (count) => count === 1, "1")],
};

function serving({ router }: Observation, fits: (count: number) => boolean, expected: string): Proof {
  const up = router.servers.filter((server) => server.state === "up").length;
  return {
    what: "instances that the router sends requests to",
    ok: router.up && fits(up),
    found: router.up ? counted(up, "instance") : "router down",
    expected,
  };
}
