import type { Observation } from "../../infra/observation.ts";
import { counted } from "./counted.ts";
import { beginPhase1 } from "./evidence.ts";
import { noProcess, processesUp } from "./proofs.ts";
import type { Step } from "./step.ts";

/** PgBouncer between the service and the database: first in phase 1, because behind it the database restarts without a failed query. */
export const connectionPooler: Step<"connection-pooler"> = {
  id: "connection-pooler",
  phase: 1,
  title: "PgBouncer between the service and the database",
  needs: [],
  isDone: (topology) => topology.pooler === "pgbouncer",
  apply: (topology) => ({ ...topology, pooler: "pgbouncer" }),
  revert: (topology) => ({ ...topology, pooler: "none" }),
  triggers: [
    {
      signal: "pool-wait-p95",
      atLeast: 0.05,
      source: "advice table: a connection is waited for 50 ms or longer (p95)",
    },
    { signal: "pool-utilisation", atLeast: 0.8, source: "advice table: 80% of the pool in use" },
    { signal: "server-connections-ratio", atLeast: 0.7, source: "advice table: 70% of the server's connections" },
    beginPhase1,
  ],
  interruption: "none: instances are replaced one at a time behind the router",
  risk: "low",
  leadTimeMinutes: 1,
  verify: (observation) => [
    processesUp(observation, "pgbouncer"),
    {
      what: "the pooler answers",
      ok: observation.pooler !== undefined,
      found: answerOf(observation.pooler),
      expected: "an answer",
    },
  ],
  verifyUndone: (observation) => [noProcess(observation, "pgbouncer")],
};

function answerOf(pooler: Observation["pooler"]): string {
  if (pooler === undefined) return "no answer";
  const { clientConnections, serverConnections } = pooler;
  if (clientConnections === undefined || serverConnections === undefined) return "well by its own check";
  return `${counted(clientConnections, "client")}, ${counted(serverConnections, "server")}`;
}
