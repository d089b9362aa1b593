import { existsSync } from "node:fs";
import type { PathPlan } from "../../../environment/environment.ts";
import { familyOf, isStopped } from "../../host/process-identity.ts";
import { serviceState } from "../../supervision/service-control.ts";
import { waitForAll } from "../arrange-roles.ts";
import { primaryAddress, serverOf } from "../database-server.ts";
import { ensureStandby } from "../ensure-standby.ts";
import { followersOf, type Follower } from "../replication-slots.ts";
import { requireRoles, standbysOf, type ServerRoles } from "../server-roles.ts";
import { isLocked } from "../with-lock.ts";

/** A follower that restarts or lost its connection is back by then. */
const absenceMs = 10_000;

/** Makes servers follow again that cannot by themselves: fenced ones, and those whose log is gone. */
export class FollowerCare {
  readonly #paths: PathPlan;
  readonly #say: (line: string) => void;
  readonly #absentSince = new Map<number, number>();
  readonly #atWork = new Set<number>();

  constructor(paths: PathPlan, say: (line: string) => void) {
    this.#paths = paths;
    this.#say = say;
  }

  /** One look at all of them; what takes long goes on by itself. */
  async look(roles: ServerRoles, nowMs: number): Promise<void> {
    const followers = await followersOf(primaryAddress(this.#paths, roles), standbysOf(roles));
    for (const follower of followers) {
      if (!this.#needsHelp(roles, follower, nowMs)) continue;
      if (this.#atWork.has(follower.number) || (await isLocked(this.#paths, `server-${follower.number}`))) continue;
      this.#absentSince.delete(follower.number);
      void this.#help(follower.number);
    }
    // Commits may wait again for those that a failover had to leave out.
    if (roles.exempt.length > 0 && followers.every(({ state }) => state === "streaming")) await waitForAll(this.#paths);
  }

  #needsHelp(roles: ServerRoles, { number, state, canFollow }: Follower, nowMs: number): boolean {
    if (state !== "away") {
      this.#absentSince.delete(number);
      return false;
    }
    const { service } = serverOf(this.#paths, roles, number);
    // One that is just being made.
    if (!existsSync(service)) return false;
    const { state: process, pid } = serviceState(service);
    // Somebody holds it, or has stopped it on purpose; a fenced one is not meant.
    const isHeld = pid !== undefined && familyOf(pid).some(isStopped);
    if (isHeld || (process === "down" && !roles.exempt.includes(number))) return false;
    if (!canFollow || roles.exempt.includes(number)) return true;
    const since = this.#absentSince.get(number) ?? nowMs;
    this.#absentSince.set(number, since);
    return nowMs - since >= absenceMs;
  }

  async #help(number: number): Promise<void> {
    this.#atWork.add(number);
    this.#say(`server ${number} does not follow the primary: it is made to`);
    try {
      await ensureStandby(this.#paths, number);
      this.#say(`server ${number} follows server ${requireRoles(this.#paths).primary}`);
    } catch (error) {
      this.#say(`server ${number}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      this.#atWork.delete(number);
    }
  }
}
