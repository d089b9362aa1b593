import type { Interfaces } from "@oclif/core";
import pjson from "../package.json" with { type: "json" };
import { installation } from "../infra/installation.ts";

const argv = process.argv.slice(2);

/** stdout that went away (`| head`) is no error. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

if (argv[0] === "--version" || argv[0] === "-V") {
  // Answered without loading the command framework.
  process.stdout.write(`shopctl/${pjson.version} ${process.platform}-${process.arch} node-${process.version}\n`);
} else {
  await runCommand();
}

async function runCommand(): Promise<void> {
  const { Config, Errors, flush, run, settings } = await import("@oclif/core");
  // Node runs the sources as they are; oclif must not look for ts-node.
  settings.enableAutoTranspile = false;
  try {
    const config = await Config.load(loadOptions());
    const { suggestCommand } = await import("./suggest-command.ts");
    suggestCommand(config, argv);
    await run(argv, config);
    await flush();
  } catch (error) {
    if (error instanceof Errors.ExitError) {
      process.exitCode = error.oclif.exit ?? 0;
      return;
    }
    const { reportError } = await import("./errors/report-error.ts");
    reportError(error, { environment: "", json: argv.includes("--json") });
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
