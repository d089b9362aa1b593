import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { EngineError } from "../engine.ts";
import { childEnvironment, NodeChild } from "./child-process.ts";
import { programParallel } from "./monitor-service.ts";
import type { OperationContext } from "./operation-context.ts";

/** Starts the program as Pulumi's language host does: with the SDK's own runner, found from the program's folder. */
export function startProgram(main: string, workDir: string, address: string, context: OperationContext): NodeChild {
  const { scope, config, preview, log } = context;
  const [folder, entry] = entryOf(main);
  const values = Object.entries(config);
  return new NodeChild({
    args: [
      runnerFor(folder),
      "--monitor",
      address,
      "--engine",
      address,
      "--organization",
      "organization",
      "--project",
      scope.project,
      "--root-directory",
      workDir,
      "--stack",
      scope.stack,
      "--pwd",
      folder,
      ...(preview ? ["--dry-run"] : []),
      "--parallel",
      String(programParallel),
      entry,
    ],
    cwd: workDir,
    env: childEnvironment({
      PULUMI_NODEJS_TYPESCRIPT: "false",
      // By environment and not by flags: a process list shows those to everyone.
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(values.map(([key, { text }]) => [oldKey(key), text]))),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(values.filter(([, { secret }]) => secret).map(([key]) => key)),
    }),
    onLine: (line) => log.say("info", line),
  });
}

function entryOf(main: string): readonly [folder: string, entry: string] {
  try {
    return statSync(main).isDirectory() ? [main, "."] : [dirname(main), basename(main)];
  } catch (cause) {
    throw new EngineError("configuration", `there is no program at ${main}`, { cause });
  }
}

function runnerFor(folder: string): string {
  try {
    return createRequire(join(folder, "index.js")).resolve("@pulumi/pulumi/cmd/run");
  } catch (cause) {
    throw new EngineError("configuration", `@pulumi/pulumi cannot be found from the program's folder ${folder}`, {
      cause,
    });
  }
}

/** The runner still takes keys as `<namespace>:config:<name>`. */
function oldKey(key: string): string {
  const at = key.indexOf(":");
  return `${key.slice(0, at)}:config:${key.slice(at + 1)}`;
}
