import { RolloutRecords, unfinished } from "../adapters/rollout-records.ts";
import type { Session } from "../adapters/session.ts";
import { FailureError } from "../errors/failure.ts";

/** Throws FailureError `interrupted` while a killed run is not taken over: what runs is then no ground for a plan that is kept. */
export async function refuseUnfinished({ environment }: Session): Promise<void> {
  const left = await unfinished(await new RolloutRecords(environment.paths.root).list());
  if (left === undefined) return;
  throw new FailureError({
    code: "interrupted",
    environment: environment.name,
    what: `it ended in the middle of ${left.direction === "apply" ? "step" : "the rollback of"} ${left.step} (${left.stage})`,
    next: [`shopctl recover --env ${environment.name}`],
  });
}
