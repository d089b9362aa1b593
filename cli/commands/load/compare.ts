import { Args } from "@oclif/core";
import { environmentFlag, ShopctlCommand } from "../../command.ts";
import type { CapacityComparison } from "../../planning/capacity/compare-capacity.ts";

/** Two measured capacities side by side. */
export default class LoadCompare extends ShopctlCommand {
  static override summary = "Compare two capacities that were measured: knee, latency, what a request takes";
  static override description =
    "A and B are files of `load capacity --json`, ids of results that are kept with the environment, or `latest` and `previous`.";
  static override examples = [
    "<%= config.bin %> load compare previous latest --env demo",
    "<%= config.bin %> load compare before.json after.json",
  ];
  static override args = {
    a: Args.string({ description: "file, id, `latest` or `previous`", required: true }),
    b: Args.string({ description: "file, id, `latest` or `previous`", required: true }),
  };
  static override flags = { ...environmentFlag };

  async run(): Promise<CapacityComparison> {
    const { args, flags } = await this.parse(LoadCompare);
    const [{ findCapacity }, { compareCapacity }, { renderComparison }] = await Promise.all([
      import("../../rollout/find-capacity.ts"),
      import("../../planning/capacity/compare-capacity.ts"),
      import("../../render/capacity-comparison.ts"),
    ]);
    const open = async () => await this.openLocalSession(flags.env);
    const comparison = compareCapacity(await findCapacity(args.a, open), await findCapacity(args.b, open));
    this.log(renderComparison(comparison));
    return comparison;
  }
}
