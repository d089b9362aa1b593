import type { Observation } from "../../infra/observation.ts";
import { completePhase2 } from "./evidence.ts";
import { noProcess, processesUp } from "./proofs.ts";
import type { Proof, Step } from "./step.ts";

/** A cache before the shop for files and for answers that are the same for everybody: most requests never reach an instance. */
export const cdn: Step<"cdn"> = {
  id: "cdn",
  phase: 2,
  title: "CDN for files and catalogue answers",
  needs: [],
  isDone: (topology) => topology.cdn === "nginx",
  apply: (topology) => ({ ...topology, cdn: "nginx" }),
  revert: (topology) => ({ ...topology, cdn: "none" }),
  triggers: [
    {
      signal: "cacheable-bytes-ratio",
      atLeast: 0.5,
      source: "advice table: static and cacheable bytes 50% of egress",
    },
    { signal: "cacheable-request-ratio", atLeast: 0.3, source: "advice table: cacheable requests 30% of all" },
    completePhase2,
  ],
  interruption: "none: the shop's address stays the router's, which sends past the CDN until that is healthy",
  risk: "low",
  leadTimeMinutes: 1,
  verify: (observation) => [
    processesUp(observation, "cdn"),
    processesUp(observation, "cdn-control"),
    secondAnswer(observation),
  ],
  verifyUndone: (observation) => [
    noProcess(observation, "cdn"),
    noProcess(observation, "cdn-control"),
    {
      what: "answers come from the shop",
      ok: observation.cdn === undefined,
      found: observation.cdn === undefined ? "no cache took part" : observation.cdn.secondAnswer,
      expected: "no cache took part",
    },
  ],
};

/** Fresh, or given while a newer one is fetched: either came from the cache. */
const fromTheCache = ["HIT", "STALE", "UPDATING"];

function secondAnswer({ cdn: found }: Observation): Proof {
  return {
    what: "products that are asked for twice come from the cache",
    ok: found !== undefined && fromTheCache.includes(found.secondAnswer),
    found: found?.secondAnswer ?? "no cache took part",
    expected: "HIT",
  };
}
