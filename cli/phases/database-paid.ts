import { databasePlans } from "../../infra/topology/database-plans.ts";
import type { Observation } from "../../infra/observation.ts";
import { beginPhase1 } from "./evidence.ts";
import { equal } from "./proofs.ts";
import type { Proof, Step } from "./step.ts";

/** The paid plan of the database: more memory, connections and storage, and nightly backups. */
export const databasePaid: Step<"database-paid"> = {
  id: "database-paid",
  phase: 1,
  title: "100 connections, 1 GiB, nightly backups",
  needs: [
    {
      step: "connection-pooler",
      because: "the database restarts for its new plan, and only the pooler holds the queries meanwhile",
    },
  ],
  isDone: (topology) => topology.database === "paid",
  apply: (topology) => ({ ...topology, database: "paid" }),
  revert: (topology) => ({ ...topology, database: "free" }),
  triggers: [
    { signal: "database-busy-ratio", atLeast: 0.7, source: "advice table: database CPU 70%" },
    { signal: "server-connections-ratio", atLeast: 0.8, source: "advice table: 80% of the plan's connections" },
    { signal: "database-size-ratio", atLeast: 0.8, source: "advice table: 80% of the plan's storage" },
    { signal: "days-without-backup", atLeast: 1, source: "advice table: no backup is evidence by itself" },
    beginPhase1,
  ],
  interruption: "queries wait up to 1 s in the pooler while the database restarts; none fails",
  risk: "medium",
  leadTimeMinutes: 2,
  verify: (observation) => plan(observation, "paid"),
  verifyUndone: (observation) => plan(observation, "free"),
};

function plan(observation: Observation, name: keyof typeof databasePlans): readonly Proof[] {
  const expected = databasePlans[name];
  const { database } = observation;
  if (database === undefined)
    return [{ what: "the database answers", ok: false, found: "no answer", expected: "an answer" }];
  return [
    equal("connections that the database takes", database.maxConnections, expected.maxConnections),
    ...(database.sharedBuffersMiB === undefined
      ? []
      : [equal("shared buffers, MiB", database.sharedBuffersMiB, expected.sharedBuffersMiB)]),
    equal("nightly backups are scheduled", database.backupSchedule, expected.backups),
  ];
}
