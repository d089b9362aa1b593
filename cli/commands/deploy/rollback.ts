import { environmentFlag, ShopctlCommand } from "../../command.ts";
import { windowFlag } from "../../step-flags.ts";
import { Flags } from "@oclif/core";
import type { DeployReport } from "../../rollout/deploy.ts";

/** The release before, which is kept. */
export default class DeployRollback extends ShopctlCommand {
  static override summary = "Go back to the release before, under live traffic";
  static override description = `The release before is kept in the environment with the two before it. It runs on the schema as it is: no data is lost, and
migrations are not undone. One that the schema no longer has everything for is refused (exit 5). Run again it goes one further
back; a deployment that was stopped or killed is what is taken back first.`;
  static override examples = [
    "<%= config.bin %> deploy rollback --env demo",
    "<%= config.bin %> deploy rollback --yes --json",
  ];
  static override flags = {
    ...environmentFlag,
    ...windowFlag,
    yes: Flags.boolean({ char: "y", description: "go back without asking" }),
  };

  async run(): Promise<DeployReport> {
    const { flags } = await this.parse(DeployRollback);
    const session = await this.openSession(flags.env);
    const { environment } = session;
    const [{ rollBackDeployment }, { rollBackImage }] = await Promise.all([
      import("../../rollout/deploy.ts"),
      import("../../rollout/deploy-image.ts"),
    ]);
    const command = `deploy rollback --env ${environment.name}`;
    const options = { windowSeconds: flags.window, yes: flags.yes, command };
    const report =
      environment.target === "aws"
        ? await rollBackImage(session, environment, options)
        : await rollBackDeployment(session, options);
    if (!this.jsonEnabled()) {
      const { renderDeployment } = await import("../../render/deployment.ts");
      this.log(renderDeployment(report));
    }
    return report;
  }
}
