import { Flags } from "@oclif/core";
import { environmentFlag, ShopctlCommand } from "../command.ts";
import type { StoredFault } from "../../infra/local/fault-sink/sink-config.ts";

interface ErrorsReport {
  readonly schema: "shopctl.errors/1";
  readonly environment: string;
  /** Newest first. */
  readonly faults: readonly StoredFault[];
}

/** What went wrong in the shop itself: from the step monitoring on it reports faults as to Sentry. */
export default class Errors extends ShopctlCommand {
  static override summary = "List the faults that the shop reported, newest first";
  static override examples = ["<%= config.bin %> errors --env demo", "<%= config.bin %> errors --limit 1 --stack"];
  static override flags = {
    ...environmentFlag,
    limit: Flags.integer({ char: "n", description: "how many", default: 20, min: 1, max: 1_000 }),
    stack: Flags.boolean({ description: "with causes and calls" }),
  };

  async run(): Promise<ErrorsReport> {
    const { flags } = await this.parse(Errors);
    const { environment } = await this.openLocalSession(flags.env);
    const { readReportedFaults } = await import("../../infra/local/operations/reported-faults.ts");
    const faults = await readReportedFaults(environment, { limit: flags.limit });
    if (!this.jsonEnabled()) {
      const { renderFaults } = await import("../render/faults.ts");
      this.log(renderFaults(faults, { stack: flags.stack }));
    }
    return { schema: "shopctl.errors/1", environment: environment.name, faults };
  }
}
