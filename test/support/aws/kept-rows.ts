import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { row, type NameRule, type Properties, type ResourceRow } from "./resource-row.ts";

/** Types whose API moto lacks. Their rows only keep what they were told; a rehearsal says so. */
export const keptTypes = new Set<string>();

/** A row for a type that moto has no API for: it is kept in files of the folder `REHEARSAL_FOLDER`. */
export function keptRow(
  type: string,
  options: {
    readonly replaceOn: ResourceRow["replaceOn"];
    readonly named?: NameRule;
    readonly refuse?: ResourceRow["refuse"];
    readonly idOf: (inputs: Properties) => string;
    /** What AWS would add to the inputs. */
    readonly answers?: (id: string, region: string) => Properties;
  },
): ResourceRow {
  keptTypes.add(type);
  const { replaceOn, named, refuse, idOf, answers } = options;
  return row<Properties>({
    replaceOn,
    ...(named === undefined ? {} : { named }),
    ...(refuse === undefined ? {} : { refuse }),
    async create(_aws, inputs) {
      const id = idOf(inputs);
      writeFileSync(fileOf(type, id), JSON.stringify(inputs));
      return id;
    },
    async read(aws, id) {
      const kept = readKept(type, id);
      return kept === undefined ? undefined : { ...kept, ...answers?.(id, aws.region) };
    },
    async update(_aws, id, inputs) {
      writeFileSync(fileOf(type, id), JSON.stringify(inputs));
    },
    async delete(_aws, id) {
      rmSync(fileOf(type, id));
    },
  });
}

function fileOf(type: string, id: string): string {
  const folder = join(process.env["REHEARSAL_FOLDER"] ?? "", encodeURIComponent(type));
  mkdirSync(folder, { recursive: true });
  return join(folder, encodeURIComponent(id));
}

/** What such a resource was told; undefined when it is not there. */
export function readKept(type: string, id: string): Properties | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(type, id), "utf8")) as Properties;
  } catch {
    return undefined;
  }
}
