import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { LocalEnvironment } from "../../environment/environment.ts";
import { faultFiles } from "../fault-sink/fault-store.ts";
import { storedFaultSchema, type StoredFault } from "../fault-sink/sink-config.ts";
import { componentPlaces } from "../layout.ts";

/** The faults that the shop reported last, newest first. */
export async function readReportedFaults(
  environment: LocalEnvironment,
  options: { readonly limit: number },
): Promise<readonly StoredFault[]> {
  const { data } = componentPlaces(environment.paths).faultSink;
  const faults: StoredFault[] = [];
  for (const file of [faultFiles.current, faultFiles.previous]) {
    const lines = (await readFile(join(data, file), "utf8").catch(() => "")).split("\n");
    for (const line of lines.toReversed()) {
      if (faults.length === options.limit) return faults;
      const fault = parseLine(line);
      if (fault !== undefined) faults.push(fault);
    }
  }
  return faults;
}

/** Undefined for the line that is just being written. */
function parseLine(line: string): StoredFault | undefined {
  try {
    return storedFaultSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
