import { RolloutRecords, unfinished } from "../adapters/rollout-records.ts";
import { readRunningState } from "../adapters/running-topology.ts";
import type { Session } from "../adapters/session.ts";

/**
 * Brings data where the stack has it, and says what was not there; to be called under the rollout lock. What a half-made step is
 * moving is that step's: undefined then, and nothing is done.
 */
export async function settleData(session: Session): Promise<readonly string[] | undefined> {
  const { topology } = await readRunningState(session);
  const left = await unfinished(await new RolloutRecords(session.environment.paths.root).list());
  if (topology === undefined || left !== undefined) return undefined;
  const target = await session.target();
  const found = await target.findUnsettledData(topology);
  await target.settleData(found, (line) => process.stderr.write(`  ${line}\n`));
  return found.map(({ what }) => what);
}
