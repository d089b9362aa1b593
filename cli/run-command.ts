import { Config, Errors, flush, run, settings, type Interfaces } from "@oclif/core";
import pjson from "../package.json" with { type: "json" };
import { installation } from "../infra/installation.ts";
import { reportError } from "./errors/report-error.ts";
import { suggestCommand } from "./suggest-command.ts";

/** Finds the command, runs it and reports what it throws; sets the process's exit code. */
export async function runCommand(argv: string[]): Promise<void> {
  // Node runs the sources as they are; oclif must not look for ts-node.
  settings.enableAutoTranspile = false;
  try {
    const config = await Config.load(loadOptions());
    suggestCommand(config, argv);
    await run(argv, config);
    await flush();
  } catch (error) {
    if (error instanceof Errors.ExitError) {
      process.exitCode = error.oclif.exit ?? 0;
      return;
    }
    reportError(error, { environment: "", help: "shopctl help", json: argv.includes("--json") });
  }
}

/** From sources (`node cli/run.ts`) the commands are the .ts files, and the manifest of a build says nothing of them. */
function loadOptions(): Interfaces.Options {
  const { root } = installation;
  if (!import.meta.filename.endsWith(".ts")) return { root };
  return {
    root,
    ignoreManifest: true,
    pjson: { ...pjson, oclif: { ...pjson.oclif, commands: "./cli/commands", topicSeparator: " " } },
  };
}
