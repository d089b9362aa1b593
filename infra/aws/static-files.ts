import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { StaticFile } from "./components/static-files.ts";

const manifestSchema = z.object({ assets: z.array(z.string()) });

/** The files that a built storefront's manifest lists; the folder is the build's. */
export function readStaticFiles(folder: string): readonly StaticFile[] {
  const { assets } = manifestSchema.parse(JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")));
  return assets.map((path) => ({ path, file: join(folder, path) }));
}
