import { readFile } from "node:fs/promises";
import { z } from "zod";
import { CapacityStore } from "../adapters/capacity-store.ts";
import type { Session } from "../adapters/session.ts";
import { FailureError } from "../errors/failure.ts";
import { capacityResultSchema, type CapacityResult } from "../planning/capacity/capacity-result.ts";

/** A measured capacity by its file, its id, or `latest` and `previous`. Throws FailureError `not-found` or `configuration`. */
export async function findCapacity(word: string, open: () => Promise<Session>): Promise<CapacityResult> {
  if (word.endsWith(".json") || word.includes("/")) return await readCapacity(word);
  const { environment } = await open();
  const results = await new CapacityStore(environment.paths.root).list();
  const place = ["latest", "previous"].indexOf(word);
  const found = place >= 0 ? results[place] : results.find(({ id }) => id === word);
  if (found !== undefined) return found;
  throw new FailureError({
    code: "not-found",
    what: `No capacity "${word}" is kept with "${environment.name}"`,
    why: results.length === 0 ? "none was measured" : `kept: ${results.map(({ id }) => id).join(", ")}`,
    next: [`shopctl load capacity --env ${environment.name}`],
  });
}

async function readCapacity(file: string): Promise<CapacityResult> {
  try {
    return capacityResultSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    throw new FailureError({
      code: "configuration",
      what: `${file} is no result of \`load capacity --json\``,
      why: error instanceof z.ZodError ? z.prettifyError(error) : String(error),
      next: ["shopctl load capacity --json > capacity.json"],
    });
  }
}
