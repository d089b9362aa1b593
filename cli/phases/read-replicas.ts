import { counted } from "./counted.ts";
import { completePhase3 } from "./evidence.ts";
import type { Observation } from "../../infra/observation.ts";
import { noProcess, processesUp } from "./proofs.ts";
import type { Proof, Step } from "./step.ts";

/** One is left out within a second when it lags more, so more than this at rest is no lag but a fault. */
const maxLagMiB = 16;
/** Where a target tells time instead of bytes: the shop leaves a replica out that is further behind. */
const maxLagSeconds = 30;
const bytesPerMiB = 1_048_576;

/** Reads that may be a moment old go to a copy of the database; one's own writes are always seen. */
export const readReplicas: Step<"read-replicas"> = {
  id: "read-replicas",
  phase: 3,
  title: "a streaming replica that answers reads",
  needs: [
    {
      step: "connection-pooler",
      because: "only behind it another server takes the primary's place without a failed query",
    },
    {
      step: "database-paid",
      because: "a replica has the primary's plan, and instances connect to it beside their pool",
    },
    {
      step: "cache-redis",
      because: "what one instance wrote the others know only through it, and read that from the primary",
    },
  ],
  isDone: (topology) => topology.replicas > 0,
  apply: (topology) => ({ ...topology, replicas: Math.max(topology.replicas, 1) }),
  revert: (topology) => ({ ...topology, replicas: 0 }),
  triggers: [
    {
      signal: "database-busy-ratio",
      atLeast: 0.7,
      source: "advice table: database CPU 70%, with 80% of its time in reads",
      onlyWith: {
        signal: "database-read-share",
        atLeast: 0.8,
        source: "advice table: 80% of the database's time in reads",
      },
    },
    completePhase3,
  ],
  interruption: "none: the primary is copied beside its traffic, and instances are replaced one at a time",
  risk: "medium",
  leadTimeMinutes: 5,
  verify: (observation) => [
    processesUp(observation, "replica"),
    processesUp(observation, "replication-guard"),
    following(observation),
    readFrom(observation, (replicas) => replicas > 0, "1 replica or more each"),
  ],
  verifyUndone: (observation) => [
    noProcess(observation, "replica"),
    noProcess(observation, "replication-guard"),
    readFrom(observation, (replicas) => replicas === 0, "no replica"),
  ],
};

function following({ replication }: Observation): Proof {
  const replicas = replication?.replicas ?? [];
  return {
    what: "replicas follow the primary",
    ok: replicas.length > 0 && replicas.every(({ state }) => state === "streaming") && replicas.every(isClose),
    found:
      replicas.length === 0
        ? "none"
        : replicas.map((replica) => `server ${replica.number} ${replica.state}, ${lagOf(replica)} behind`).join("; "),
    expected: `streaming, less than ${maxLagMiB} MiB or ${maxLagSeconds} s behind`,
  };
}

type Replica = NonNullable<Observation["replication"]>["replicas"][number];

function isClose({ lagBytes, lagSeconds }: Replica): boolean {
  if (lagBytes !== undefined) return lagBytes < maxLagMiB * bytesPerMiB;
  return lagSeconds !== undefined && lagSeconds < maxLagSeconds;
}

function lagOf({ lagBytes, lagSeconds }: Replica): string {
  if (lagBytes !== undefined) return `${(lagBytes / bytesPerMiB).toFixed(1)} MiB`;
  return lagSeconds === undefined ? "unknown" : `${lagSeconds.toFixed(1)} s`;
}

function readFrom({ replicasInUse = {} }: Observation, fits: (replicas: number) => boolean, expected: string): Proof {
  const found = Object.entries(replicasInUse);
  return {
    what: "replicas that instances read from",
    ok: found.length > 0 && found.every(([, replicas]) => fits(replicas)),
    found:
      found.length === 0
        ? "no answer"
        : found.map(([name, count]) => `${name}: ${counted(count, "replica")}`).join(", "),
    expected,
  };
}
