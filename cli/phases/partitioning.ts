import type { Observation } from "../../infra/observation.ts";
import { completePhase3 } from "./evidence.ts";
import { equal } from "./proofs.ts";
import type { Proof, Step } from "./step.ts";

const gibibyte = 1_073_741_824;

/** The tables that grow with every login in parts that vacuum, backups and archiving can take one at a time. */
export const partitioning: Step<"partitioning"> = {
  id: "partitioning",
  phase: 3,
  title: "login attempts by month, sessions by account in 8 parts",
  needs: [],
  isDone: (topology) => topology.partitioning === "partitioned",
  apply: (topology) => ({ ...topology, partitioning: "partitioned" }),
  revert: (topology) => ({ ...topology, partitioning: "none" }),
  triggers: [
    { signal: "login-attempts", atLeast: 5_000_000, source: "advice table: 5 million login attempts" },
    { signal: "login-attempts-size", atLeast: 2 * gibibyte, source: "advice table: 2 GiB of login attempts" },
    {
      signal: "login-attempts-vacuum-debt",
      atLeast: 2,
      source: "advice table: vacuum of login attempts takes longer than its interval",
    },
    completePhase3,
  ],
  interruption: "none: writes wait up to 0.5 s twice while a table takes the other's place; none fails",
  risk: "medium",
  leadTimeMinutes: 10,
  verify: (observation) => [schedule(observation, "up"), ...layout(observation, "partitioned")],
  verifyUndone: (observation) => [schedule(observation, "none"), ...layout(observation, "one table")],
};

function schedule({ processes }: Observation, expected: "up" | "none"): Proof {
  const found = processes.find(({ name }) => name === "partition-schedule")?.state ?? "none";
  return equal("schedule that keeps months ahead", found, expected);
}

function layout({ database }: Observation, expected: "partitioned" | "one table"): readonly Proof[] {
  if (database?.partitions === undefined)
    return [{ what: "the database answers", ok: false, found: "no answer", expected: "an answer" }];
  const { attempts, sessions, monthsAhead, halfMade } = database.partitions;
  const laidOut = (count: number): string => (count > 0 ? "partitioned" : "one table");
  return [
    equal("login attempts", laidOut(attempts), expected),
    equal("sessions", laidOut(sessions), expected),
    equal("tables left half-moved", halfMade.length, 0),
    ...(expected === "partitioned" ? [equal("the next month has a partition", monthsAhead > 0, true)] : []),
  ];
}
