import { clearPause, readPause, writePause } from "../adapters/pause-mark.ts";
import { lockHolder } from "../adapters/rollout-lock.ts";
import type { Session } from "../adapters/session.ts";
import { FailureError } from "../errors/failure.ts";

/** What `scale pause --json` and `scale resume --json` print. */
export interface PauseReport {
  readonly schema: "shopctl.scale.pause/1";
  readonly environment: string;
  readonly state: "requested" | "resumed" | "cleared";
  /** The run that holds, goes on, or would have to be started again. */
  readonly command: string;
  readonly nextActions: readonly string[];
}

/** Asks the rollout at work to hold after its step. Throws FailureError `policy` when none is at work. */
export async function pauseRollout({ environment }: Session): Promise<PauseReport> {
  const { name, paths } = environment;
  const holder = await lockHolder(paths.root);
  if (holder?.alive !== true || !isRollout(holder.command)) throw noRollout(name);
  const { pid, command } = holder;
  if ((await readPause(paths.root)) === undefined)
    await writePause(paths.root, { schema: "shopctl.pause/1", requestedAt: new Date().toISOString(), pid, command });
  // It may have ended between the two: then nobody is left to hold, and the next run is not to be kept.
  const now = await lockHolder(paths.root);
  if (now?.pid !== pid) {
    await clearPause(paths.root, { of: pid });
    throw noRollout(name);
  }
  return report(name, "requested", command, [`shopctl scale resume --env ${name}`]);
}

/** Lets a paused rollout go on; of one that was killed meanwhile it says how to go on. Throws FailureError `policy`. */
export async function resumeRollout({ environment }: Session): Promise<PauseReport> {
  const { name, paths } = environment;
  const mark = await readPause(paths.root);
  if (mark === undefined)
    throw new FailureError({
      code: "policy",
      what: `No rollout on "${name}" is paused`,
      why: "there is nothing to resume",
      next: [`shopctl scale status --env ${name}`],
    });
  const holder = await lockHolder(paths.root);
  await clearPause(paths.root);
  const { command } = mark;
  if (holder?.alive === true && holder.pid === mark.pid)
    return report(name, "resumed", command, [`shopctl scale status --env ${name}`]);
  return report(name, "cleared", command, [`shopctl ${command}   (goes on)`]);
}

function report(
  environment: string,
  state: PauseReport["state"],
  command: string,
  nextActions: readonly string[],
): PauseReport {
  return { schema: "shopctl.scale.pause/1", environment, state, command, nextActions };
}

function isRollout(command: string): boolean {
  return command.startsWith("scale apply ") || command.startsWith("scale rollback ");
}

function noRollout(environment: string): FailureError {
  return new FailureError({
    code: "policy",
    what: `No rollout is at work on "${environment}"`,
    why: "only a running `scale apply` or `scale rollback` can be paused",
    next: [`shopctl scale status --env ${environment}`],
  });
}
