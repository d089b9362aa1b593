import { Flags } from "@oclif/core";
import { environmentFlag, ShopctlCommand } from "../command.ts";
import type { Session } from "../adapters/session.ts";
import type { DeployReport } from "../rollout/deploy.ts";

/** A new build of the shop, tried by a share of the shoppers before all get it. */
export default class Deploy extends ShopctlCommand {
  static override summary =
    "Roll a new build of the shop out: migrations, a canary for a share of the requests, the rest";
  static override description = `The build is copied into the environment under the hash of its content. Its migrations run first; the release that
runs goes on with the new schema, and a build whose migrations it could not go on with is refused (exit 5). Then one instance
of the new release stands beside the others and gets a share of the requests. It is compared with those beside it: no larger
share of failures, p95 at most half as much again (or 100 ms more). One that fails goes back at once, with exit 11; one that
passes becomes every instance. \`scale\` commands never change the release. A deployment that was killed goes on when it is run
again, and is taken back by \`recover\` or the next step. On AWS an image is deployed to all tasks at once, new beside old:
ECS takes a revision back that does not get healthy, and the gate one that answers wrongly.`;
  static override examples = [
    "<%= config.bin %> deploy --env demo",
    "<%= config.bin %> deploy --build ../shop/dist/service --share 25 --window 60",
    { description: "On AWS", command: "<%= config.bin %> deploy --env shop --image NAME@sha256:…" },
    { description: "Without a prompt, in CI", command: "<%= config.bin %> deploy --yes --json" },
  ];
  static override flags = {
    ...environmentFlag,
    build: Flags.string({ description: "folder of the build [default: this installation's]", helpValue: "FOLDER" }),
    image: Flags.string({
      description: "on AWS: the shop's image, by its digest",
      helpValue: "NAME@sha256:…",
      exclusive: ["build"],
    }),
    share: Flags.integer({
      description: "percent of the requests that the canary gets",
      default: 10,
      min: 1,
      max: 50,
      helpValue: "PERCENT",
    }),
    window: Flags.integer({
      description: "seconds that the canary, and then the rest, is watched under traffic",
      default: 30,
      min: 2,
      max: 3_600,
      helpValue: "SECONDS",
    }),
    yes: Flags.boolean({ char: "y", description: "deploy without asking" }),
  };

  async run(): Promise<DeployReport> {
    const { flags } = await this.parse(Deploy);
    const session = await this.openSession(flags.env);
    const report = await this.#deploy(session, flags);
    if (!this.jsonEnabled()) {
      const { renderDeployment } = await import("../render/deployment.ts");
      this.log(renderDeployment(report));
    }
    return report;
  }

  async #deploy(
    session: Session,
    flags: {
      build: string | undefined;
      image: string | undefined;
      share: number;
      window: number;
      yes: boolean;
    },
  ): Promise<DeployReport> {
    const { environment } = session;
    const { share: sharePercent, window: windowSeconds, yes } = flags;
    const words = `deploy --env ${environment.name}`;
    if (environment.target === "aws" || flags.image !== undefined) {
      const [{ deployImage }, { requireAws }] = await Promise.all([
        import("../rollout/deploy-image.ts"),
        import("../../infra/environment/require-target.ts"),
      ]);
      const image = flags.image ?? "";
      const command = `${words} --image ${image} --window ${windowSeconds}`;
      return await deployImage(session, requireAws(environment), { image, windowSeconds, yes, command });
    }
    const [{ deployBuild }, { installation }, path] = await Promise.all([
      import("../rollout/deploy.ts"),
      import("../../infra/installation.ts"),
      import("node:path"),
    ]);
    const build = flags.build === undefined ? "" : ` --build ${flags.build}`;
    return await deployBuild(session, {
      build: path.resolve(flags.build ?? installation.serviceRelease),
      sharePercent,
      windowSeconds,
      yes,
      command: `${words}${build} --share ${sharePercent} --window ${windowSeconds}`,
    });
  }
}
