import { Args, Flags } from "@oclif/core";
import { awsFlags } from "../../aws-flags.ts";
import { ShopctlCommand } from "../../command.ts";
import { shellWords } from "../../shell-words.ts";
import type { OutlineReport } from "../../rollout/outline-report.ts";
import type { NewShop } from "../../rollout/create-environment.ts";
import type { AwsSettings } from "../../../infra/aws/settings.ts";
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

/** A new shop, on this machine or on AWS. */
export default class EnvCreate extends ShopctlCommand {
  static override summary = "Create an environment and start its shop";
  static override description = `Starts at the baseline (starter tier, free database, no pooler, cache in memory, SMTP, base limits) unless --topology
says otherwise. Ports and paths are fixed for good; several environments run side by side. A creation that was killed
goes on when it is run again, filling the shop included; a new one that fails leaves nothing behind.

--target aws makes the same on ECS, RDS, ElastiCache and CloudFront by the Pulumi CLI (state where PULUMI_BACKEND_URL says).
Credentials come by AWS' own chain only; SHOPCTL_SENDGRID_API_KEY and SHOPCTL_SENTRY_DSN are read from the environment.
With --dry-run it only says what would be made and what that costs, and needs neither CLI nor credentials.`;
  static override examples = [
    "<%= config.bin %> env create demo",
    "<%= config.bin %> env create demo --users 8500 --products 2000",
    {
      description: "topology.yaml: tier: standard",
      command: "<%= config.bin %> env create staging --topology topology.yaml",
    },
    {
      description: "What it would be on AWS",
      command:
        "<%= config.bin %> env create shop --target aws --dry-run --region eu-central-1 --domain shop.example.com --hosted-zone Z0123456789ABC --image NAME@sha256:… --pooler-image NAME@sha256:… --collector-image NAME@sha256:… --alert-address operator@example.com",
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
    target: Flags.option({
      options: ["local", "aws"] as const,
      description: "where it runs",
      default: "local" as const,
    })(),
    "dry-run": Flags.boolean({ description: "say what would be made; on AWS only" }),
    "keep-failed": Flags.boolean({ description: "leave a creation that fails as it is, to look at" }),
    ...awsFlags,
  };

  async run(): Promise<CreateReport | OutlineReport> {
    const { args, flags, metadata } = await this.parse(EnvCreate);
    const { name } = args;
    this.environmentName = name;
    if (flags.target === "local") {
      const isGiven = (flag: string): boolean => flag in flags && metadata.flags[flag]?.setFromDefault !== true;
      const foreign = ["dry-run", ...Object.keys(awsFlags)].filter(isGiven).map((flag) => `--${flag}`);
      if (foreign.length > 0)
        this.error(`${foreign.join(", ")} ${foreign.length === 1 ? "is" : "are"} for --target aws`, { exit: 2 });
    }
    const [{ readRunnableTopology }, { baseline }, { awsShop, localShop }] = await Promise.all([
      import("../../adapters/topology-file.ts"),
      import("../../../infra/topology/topology.ts"),
      import("../../rollout/new-shop.ts"),
    ]);
    const topology = flags.topology === undefined ? baseline : await readRunnableTopology(flags.topology);
    if (flags.target === "local") return await this.#create(localShop(name, topology), flags);
    const { awsSettingsOf } = await import("../../adapters/aws-settings.ts");
    const settings = awsSettingsOf(name, flags, process.env);
    const wish = awsShop(settings, topology, flags["secrets-provider"]);
    return flags["dry-run"] ? await this.#outline(settings, wish) : await this.#create(wish, flags);
  }

  async #outline(settings: AwsSettings, wish: NewShop): Promise<OutlineReport> {
    const [{ outlineReport }, { renderOutline }] = await Promise.all([
      import("../../rollout/outline-report.ts"),
      import("../../render/outline.ts"),
    ]);
    const report = await outlineReport(settings, wish);
    this.log(renderOutline(report));
    return report;
  }

  async #create(
    wish: NewShop,
    flags: { users: number | undefined; products: number | undefined; "keep-failed": boolean },
  ): Promise<CreateReport> {
    const [{ createAndDeploy }, { splitRelease }, { shopUrl }, { engineLines }] = await Promise.all([
      import("../../rollout/create-environment.ts"),
      import("../../../infra/topology/release-choice.ts"),
      import("../../../infra/environment/environment.ts"),
      import("../../render/engine-lines.ts"),
    ]);
    const { name } = wish;
    this.say(`creating ${name} …`);
    const { users, products } = flags;
    const fill = users === undefined || products === undefined ? undefined : { users, products };
    const created = await createAndDeploy(wish, {
      command: `env create ${shellWords(this.argv.filter((word) => word !== "--json"))}`,
      fill,
      onFill: (size) => this.say(`filling the shop with ${size.users} users and ${size.products} products …`),
      keepFailed: flags["keep-failed"],
      onEvent: engineLines,
      onStop: () => this.say("stopping: the running operation is being finished …"),
    });
    const { environment, priceOf } = created.session;
    const { usdPerMonth } = priceOf(created.topology);
    const url = shopUrl(environment);
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
