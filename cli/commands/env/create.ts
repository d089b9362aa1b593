import { Args, Flags } from "@oclif/core";
import { ShopctlCommand } from "../../command.ts";
import type { Topology } from "../../../infra/topology/topology.ts";

interface CreateReport {
  readonly schema: "shopctl.env.create/1";
  readonly environment: string;
  readonly url: string;
  readonly root: string;
  readonly topology: Omit<Topology, "release">;
  /** Content hash of the build that runs. */
  readonly release: string | undefined;
  readonly usdPerMonth: number;
  readonly seeded: { readonly users: number; readonly products: number } | undefined;
}

/** A new shop on this machine. */
export default class EnvCreate extends ShopctlCommand {
  static override summary = "Create an environment and start its shop";
  static override description = `Starts at the baseline (starter tier, free database, no pooler, cache in memory, SMTP, base limits) unless --topology
says otherwise. Ports and paths are fixed for good; several environments run side by side. A creation that was killed
goes on when it is run again, filling the shop included; a new one that fails leaves nothing behind.`;
  static override examples = [
    "<%= config.bin %> env create demo",
    "<%= config.bin %> env create demo --users 8500 --products 2000",
    {
      description: "topology.yaml: tier: standard",
      command: "<%= config.bin %> env create staging --topology topology.yaml",
    },
  ];
  static override args = {
    name: Args.string({ description: "1 to 20 lower-case letters, digits, dashes", required: true }),
  };
  static override flags = {
    topology: Flags.string({
      description: "YAML or JSON file; what it leaves out is the baseline's",
      helpValue: "FILE",
    }),
    users: Flags.integer({
      description: "fill the shop with this many users",
      min: 0,
      max: 200_000,
      dependsOn: ["products"],
    }),
    products: Flags.integer({ description: "and with this many products", min: 1, max: 100_000, dependsOn: ["users"] }),
    "keep-failed": Flags.boolean({ description: "leave a creation that fails as it is, to look at" }),
  };

  async run(): Promise<CreateReport> {
    const { args, flags } = await this.parse(EnvCreate);
    const { name } = args;
    this.environmentName = name;
    const [{ createAndDeploy }, { readRunnableTopology }, { baseline }, { splitRelease }, { costOf }, { engineLines }] =
      await Promise.all([
        import("../../rollout/create-environment.ts"),
        import("../../adapters/topology-file.ts"),
        import("../../../infra/topology/topology.ts"),
        import("../../../infra/topology/release-choice.ts"),
        import("../../planning/cost.ts"),
        import("../../render/engine-lines.ts"),
      ]);
    const topology = flags.topology === undefined ? baseline : await readRunnableTopology(flags.topology);
    const { requireComponents } = await import("../../adapters/components.ts");
    requireComponents();
    this.say(`creating ${name} …`);
    const { users, products } = flags;
    const fill = users === undefined || products === undefined ? undefined : { users, products };
    const created = await createAndDeploy(name, topology, {
      command: `env create ${name}${fill === undefined ? "" : ` --users ${fill.users} --products ${fill.products}`}`,
      fill,
      onFill: (size) => this.say(`filling the shop with ${size.users} users and ${size.products} products …`),
      keepFailed: flags["keep-failed"],
      onEvent: engineLines,
      onStop: () => this.say("stopping: the running operation is being finished …"),
    });
    const { environment } = created.session;
    const { usdPerMonth } = costOf(created.topology);
    const url = `http://127.0.0.1:${environment.ports.router}`;
    const { root } = environment.paths;
    this.log(`${name} serves at ${url} for ${usdPerMonth.toFixed(2)} USD/month; its files are in ${root}`);
    this.log(`next: shopctl scale status --env ${name}`);
    const { topology: running, release } = splitRelease(created.topology);
    return {
      schema: "shopctl.env.create/1",
      environment: name,
      url,
      root,
      topology: running,
      release: release?.stable,
      usdPerMonth,
      seeded: fill,
    };
  }
}
