import type { Observation } from "../../infra/observation.ts";
import { figures } from "../../service/contract/figures.ts";
import { counted } from "./counted.ts";
import { noProcess, processesUp } from "./proofs.ts";
import type { Proof, Step } from "./step.ts";

/** Prometheus over everything that runs, and alerts that reach a person: from here on nobody has to look to know. */
export const monitoring: Step<"monitoring"> = {
  id: "monitoring",
  phase: 2,
  title: "Prometheus, exporters, alerts by mail, and fault reports",
  needs: [],
  isDone: (topology) => topology.monitoring === "prometheus",
  apply: (topology) => ({ ...topology, monitoring: "prometheus" }),
  revert: (topology) => ({ ...topology, monitoring: "none" }),
  triggers: [
    {
      signal: "users",
      atLeast: figures.growth.phase2FromUsers,
      source: "advice table: no alert path at 10,000 users",
    },
  ],
  interruption: "none: instances that report their faults are healthy before the others are drained",
  risk: "low",
  leadTimeMinutes: 1,
  verify: (observation) => [
    processesUp(observation, "prometheus"),
    processesUp(observation, "alertmanager"),
    processesUp(observation, "exporter"),
    faultsKept(observation),
    everythingWatched(observation),
    alertPath(observation),
  ],
  verifyUndone: (observation) =>
    (["prometheus", "alertmanager", "exporter", "fault-sink"] as const).map((component) =>
      noProcess(observation, component),
    ),
};

/** A target that was not scraped yet is not known to be down; it has one interval of time before it counts. */
function everythingWatched({ monitoring: found }: Observation): Proof {
  const down = (found?.targets ?? []).filter(({ health }) => health === "down");
  return {
    what: "Prometheus reaches what it watches",
    ok: found !== undefined && found.targets.length > 0 && down.length === 0,
    found:
      found === undefined
        ? "no answer"
        : down.length === 0
          ? counted(found.targets.length, "target")
          : `down: ${down.map(({ job, instance }) => `${job} ${instance}`).join(", ")}`,
    expected: "no target down",
  };
}

/** Sentry is somebody else's, and wants a DSN: where none was given, the step is done without it, and says so. */
function faultsKept(observation: Observation): Proof {
  if (observation.faultReports === undefined) return processesUp(observation, "fault-sink");
  const reports = Object.entries(observation.faultReports);
  const places = new Set(reports.map(([, place]) => place));
  return {
    what: "faults of the shop are kept",
    ok: places.size === 1,
    found:
      places.size > 1
        ? reports.map(([instance, place]) => `${placeNames[place]} for ${instance}`).join(", ")
        : places.has("sentry")
          ? placeNames.sentry
          : `no DSN of Sentry was given: ${placeNames.logs}`,
    expected: "one place for all instances",
  };
}

const placeNames = { sentry: "Sentry", logs: "the logs alone" } as const;

function alertPath({ monitoring: found }: Observation): Proof {
  return {
    what: "alerts are evaluated and have somewhere to go",
    ok: found !== undefined && found.rules > 0 && found.failingRules === 0 && found.alertReceivers > 0,
    found:
      found === undefined
        ? "no answer"
        : `${counted(found.rules, "rule")}, ${found.failingRules} failing, ${counted(found.alertReceivers, "receiver")}`,
    expected: "rules, none failing, 1 receiver or more",
  };
}
