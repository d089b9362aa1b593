import type { LocalEnvironment } from "../../environment/environment.ts";
import type { Damage, Repair } from "../../target.ts";
import { supervisorPid } from "../supervision/supervisor.ts";
import { finishRestore, leftByRestore } from "./backups.ts";
import { startEnvironment } from "./start.ts";

/** What a crash of the machine, or a restore that was killed, has left. */
export async function findDamage(environment: LocalEnvironment): Promise<readonly Damage[]> {
  const half = await leftByRestore(environment);
  return [
    ...(supervisorPid(environment.paths) === undefined
      ? [
          {
            kind: "processes" as const,
            what: "no process is supervised: the machine or its supervisor went down",
            remedy: "start them as defined",
          },
        ]
      : []),
    ...(half.length === 0
      ? []
      : [
          {
            kind: "restore" as const,
            what: `a restore was killed (${half.join(", ")})`,
            remedy: "end it; what it replaced is kept",
          },
        ]),
  ];
}

/** Starts what should run, and ends a restore that was killed. */
export async function repair(environment: LocalEnvironment): Promise<Repair> {
  const started = await startEnvironment(environment);
  const safety = await finishRestore(environment);
  return { started, finishedRestore: safety?.id };
}
