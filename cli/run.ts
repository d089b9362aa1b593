import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { watchOutlets } from "./adapters/lost-outlets.ts";
import pjson from "../package.json" with { type: "json" };

const argv = process.argv.slice(2);

watchOutlets();

if (argv[0] === "--version" || argv[0] === "-V") {
  // Answered without loading the command framework.
  process.stdout.write(`shopctl/${pjson.version} ${process.platform}-${process.arch} node-${process.version}\n`);
} else {
  // Code that was compiled once starts in half the time; where the folder cannot be written, Node does without.
  if (!import.meta.filename.endsWith(".ts")) enableCompileCache(join(import.meta.dirname, "..", ".compile-cache"));
  const { runCommand } = await import("./run-command.ts");
  await runCommand(argv);
}
