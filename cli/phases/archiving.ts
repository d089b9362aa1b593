import type { Observation } from "../../infra/observation.ts";
import { figures } from "../../service/contract/figures.ts";
import { completePhase3 } from "./evidence.ts";
import { equal } from "./proofs.ts";
import type { Proof, Step } from "./step.ts";

const { loginAttemptDays } = figures.retention;

/**
 * What is old leaves the tables every night. The way back moves login attempts out of their archive again; expired sessions,
 * ended locks and used up codes do not come back, and nobody could use them.
 */
export const archiving: Step<"archiving"> = {
  id: "archiving",
  phase: 3,
  title: `login attempts over ${loginAttemptDays} days archived, expired rows cleared for good, every night`,
  needs: [],
  isDone: (topology) => topology.archiving === "daily",
  apply: (topology) => ({ ...topology, archiving: "daily" }),
  revert: (topology) => ({ ...topology, archiving: "none" }),
  triggers: [
    {
      signal: "old-login-attempts",
      atLeast: 1_000_000,
      source: `advice table: a million login attempts older than ${loginAttemptDays} days`,
    },
    { signal: "expired-session-ratio", atLeast: 0.3, source: "advice table: expired sessions are 30% of the table" },
    completePhase3,
  ],
  interruption: "none: rows that nobody uses are moved in small batches, and rows in use are left for the next night",
  risk: "low",
  leadTimeMinutes: 10,
  verify: (observation) => [schedule(observation, "up"), ...attempts(observation, "overdue")],
  verifyUndone: (observation) => [schedule(observation, "none"), ...attempts(observation, "archived")],
};

function schedule({ processes }: Observation, expected: "up" | "none"): Proof {
  const found = processes.find(({ name }) => name === "archiving-schedule")?.state ?? "none";
  return equal("schedule of the archiving", found, expected);
}

function attempts({ database }: Observation, unwanted: "overdue" | "archived"): readonly Proof[] {
  if (database?.attempts === undefined)
    return [{ what: "the database answers", ok: false, found: "no answer", expected: "an answer" }];
  const { overdue, archiveBytes } = database.attempts;
  return unwanted === "overdue"
    ? [equal("old login attempts", overdue ? "in their table" : "archived", "archived")]
    : [equal("archive of login attempts", archiveBytes === 0 ? "empty" : "holds rows", "empty")];
}
