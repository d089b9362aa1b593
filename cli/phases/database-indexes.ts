import type { Observation } from "../../infra/observation.ts";
import { figures } from "../../service/contract/figures.ts";
import { databaseIndexes as indexes } from "../../service/contract/indexes.ts";
import { completePhase2 } from "./evidence.ts";
import type { Proof, Step } from "./step.ts";

/** Indexes for search, category and price, built beside the traffic. */
export const databaseIndexes: Step<"database-indexes"> = {
  id: "database-indexes",
  phase: 2,
  title: `${indexes.length} indexes for search, category and price`,
  needs: [],
  isDone: (topology) => topology.indexes === "complete",
  apply: (topology) => ({ ...topology, indexes: "complete" }),
  revert: (topology) => ({ ...topology, indexes: "basic" }),
  triggers: [
    {
      signal: "rows-scanned-per-row-returned",
      atLeast: 10,
      source: "advice table: sequential scans read 10 times the rows that are returned, on product or order tables",
    },
    {
      signal: "search-p95",
      atLeast: figures.objectives.responseSecondsMax,
      source: "advice table: search p95 over its objective of 2 s",
    },
    completePhase2,
  ],
  interruption: "none: each index is built beside the traffic, and given up for a while where it would have to wait",
  risk: "low",
  leadTimeMinutes: 2,
  verify: ({ database }) => indexes.map(({ name }) => validIndex(name, database?.indexes)),
  verifyUndone: ({ database }) => [noIndex(database?.indexes)],
};

type Found = NonNullable<Observation["database"]>["indexes"] | undefined;

function validIndex(name: string, found: Found): Proof {
  const index = found?.find((candidate) => candidate.name === name);
  return {
    what: `index ${name}`,
    ok: index?.valid === true,
    found: found === undefined ? "no answer" : index === undefined ? "missing" : index.valid ? "valid" : "invalid",
    expected: "valid",
  };
}

function noIndex(found: Found): Proof {
  return {
    what: "indexes of this step in the database",
    ok: found?.length === 0,
    found: found === undefined ? "no answer" : found.length === 0 ? "none" : found.map(({ name }) => name).join(", "),
    expected: "none",
  };
}
