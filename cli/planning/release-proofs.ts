import type { Observation } from "../../infra/observation.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import { counted } from "../phases/counted.ts";
import type { Proof } from "../phases/step.ts";

/** Proofs that the instances say of themselves that they run what the topology has, and that only a wanted canary is routed to. */
export function releaseProofs({ release, instances }: Topology, observation: Observation): readonly Proof[] {
  if (release === undefined || observation.releases === undefined) return [];
  const { stable, canary } = release;
  const wanted = [
    ...Array.from({ length: instances }, () => stable),
    ...(canary === undefined ? [] : [canary.release]),
  ];
  const { canary: routed } = observation.router;
  return [
    proof("releases of the instances", summary(observation.releases.map((one) => one.release)), summary(wanted)),
    proof("canary behind the router", routed?.state ?? "none", canary === undefined ? "none" : "up"),
  ];
}

function proof(what: string, found: string, expected: string): Proof {
  return { what, ok: found === expected, found, expected };
}

/** `2 instances of 0123456789ab`. */
function summary(releases: readonly string[]): string {
  const names = [...new Set(releases)].toSorted();
  return names
    .map((name) => `${counted(releases.filter((one) => one === name).length, "instance")} of ${name}`)
    .join(", ");
}
