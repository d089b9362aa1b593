import { chmodSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import * as esbuild from "esbuild";

/** Bundles a program of the local target into a folder, as the build does, to be installed as a release. */
export async function bundleProgram(source: string, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  await esbuild.build({
    entryPoints: [join(import.meta.dirname, "../../../..", source)],
    outfile: join(folder, "index.js"),
    bundle: true,
    platform: "node",
    target: "node24",
    format: "cjs",
    external: ["pg-native"],
    logLevel: "warning",
    define: { "import.meta.dirname": "__dirname" },
  });
  for (const made of [folder, dirname(folder)]) chmodSync(made, 0o755);
  return folder;
}
