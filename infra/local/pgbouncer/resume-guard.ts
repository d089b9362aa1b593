import { spawn } from "node:child_process";
import { currentUser } from "../host/os-users.ts";
import { program } from "../host/programs.ts";
import { plainEnvironment } from "../host/run-command.ts";
import type { PoolerTarget } from "./pooler-console.ts";

/**
 * Starts a process of its own that resumes the pooler when this one dies before it called the guard off: a kill while
 * the pooler is paused would otherwise leave every query waiting. Gives the function that calls it off.
 */
export function guardPause(target: PoolerTarget): () => void {
  const resume = '"$1" -X -q -h "$2" -p "$3" -U "$4" -d pgbouncer -c "RESUME shop"';
  const child = spawn(
    "/bin/sh",
    [
      "-c",
      `read -r done || exec ${resume}`,
      "sh",
      program("psql"),
      target.sockets,
      String(target.port),
      currentUser().name,
    ],
    {
      detached: true,
      cwd: "/",
      env: plainEnvironment(),
      stdio: ["pipe", "ignore", "ignore"],
    },
  );
  child.unref();
  child.on("error", () => undefined);
  child.stdin.on("error", () => undefined);
  return () => void child.stdin.end("done\n");
}
