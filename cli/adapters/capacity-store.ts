import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeDurably } from "../../infra/engine/write-durably.ts";
import { topologySchema, type Topology } from "../../infra/topology/topology.ts";
import { capacityResultSchema, type CapacityResult } from "../planning/capacity/capacity-result.ts";

const mostKept = 50;

/** Measured capacities of an environment, one file each: `<root>/capacity/<id>.json`. */
export class CapacityStore {
  readonly #folder: string;

  constructor(environmentRoot: string) {
    this.#folder = join(environmentRoot, "capacity");
  }

  /** Keeps a result; the oldest go once there are more than fifty. */
  async save(result: CapacityResult): Promise<void> {
    await writeDurably(join(this.#folder, `${result.id}.json`), `${JSON.stringify(result, undefined, 2)}\n`);
    const names = await this.#names();
    for (const name of names.slice(mostKept)) await rm(join(this.#folder, name), { force: true });
  }

  /** Newest first; a file that is no result is left out. */
  async list(): Promise<readonly CapacityResult[]> {
    const results = await Promise.all((await this.#names()).map((name) => this.#read(name)));
    return results.filter((result) => result !== undefined);
  }

  /** The newest that holds for a topology. */
  async newestOf(topology: Topology): Promise<CapacityResult | undefined> {
    const wanted = JSON.stringify(topologySchema.parse(topology));
    return (await this.list()).find((result) => JSON.stringify(topologySchema.parse(result.topology)) === wanted);
  }

  async #names(): Promise<readonly string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names
      .filter((name) => name.endsWith(".json"))
      .toSorted()
      .toReversed();
  }

  async #read(name: string): Promise<CapacityResult | undefined> {
    try {
      const parsed = capacityResultSchema.safeParse(JSON.parse(await readFile(join(this.#folder, name), "utf8")));
      return parsed.success ? parsed.data : undefined;
    } catch {
      return undefined;
    }
  }
}
