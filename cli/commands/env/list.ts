import { ShopctlCommand } from "../../command.ts";
import type { EnvironmentSummary } from "../../rollout/environment-list.ts";

interface ListReport {
  readonly schema: "shopctl.env.list/1";
  readonly home: string;
  readonly environments: readonly EnvironmentSummary[];
  /** Folders whose file is torn or missing. */
  readonly unreadable: readonly string[];
}

/** All environments of this user on this machine. */
export default class EnvList extends ShopctlCommand {
  static override summary = "List the environments on this machine";
  static override examples = ["<%= config.bin %> env list", "<%= config.bin %> env list --json"];

  async run(): Promise<ListReport> {
    await this.parse(EnvList);
    const { listWithState } = await import("../../rollout/environment-list.ts");
    const list = await listWithState();
    if (!this.jsonEnabled()) {
      const { renderEnvironments } = await import("../../render/environments.ts");
      this.log(renderEnvironments(list.environments));
      for (const name of list.unreadable) this.say(`${name}: its file is torn or missing`);
    }
    return { schema: "shopctl.env.list/1", ...list };
  }
}
