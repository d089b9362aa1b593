import { spawn } from "node:child_process";
import { currentUser } from "../host/os-users.ts";
import { program } from "../host/programs.ts";
import { plainEnvironment } from "../host/run-command.ts";
import type { PoolerTarget } from "./pooler-console.ts";

export interface PauseGuard {
  callOff(): void;
  /** Leaves the pooler to the guard now. */
  resume(): void;
}

/** Times that the guard tries, about a second apart. */
const attempts = 60;
/** psql's exit code; at any other one the pooler has answered, and a later pause is not this guard's. */
const noConnection = 2;

/**
 * Starts a process of its own that resumes the pooler when this one dies before it called the guard off: a kill while
 * the pooler is paused would otherwise leave every query waiting.
 */
export function guardPause(target: PoolerTarget): PauseGuard {
  const resume = '"$1" -X -q -h "$2" -p "$3" -U "$4" -d pgbouncer -c "RESUME shop"';
  const child = spawn(
    "/bin/sh",
    [
      "-c",
      `read -r done && exit; for attempt in $(seq ${attempts}); do ${resume}; [ $? -ne ${noConnection} ] && exit; sleep 1; done`,
      "sh",
      program("psql"),
      target.sockets,
      String(target.port),
      currentUser().name,
    ],
    {
      detached: true,
      cwd: "/",
      env: { ...plainEnvironment(), PGCONNECT_TIMEOUT: "2" },
      stdio: ["pipe", "ignore", "ignore"],
    },
  );
  child.unref();
  child.on("error", () => undefined);
  child.stdin.on("error", () => undefined);
  return {
    callOff: () => void child.stdin.end("done\n"),
    resume: () => void child.stdin.end(),
  };
}
