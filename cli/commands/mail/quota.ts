import { Flags } from "@oclif/core";
import { environmentFlag, ShopctlCommand } from "../../command.ts";
import type { KnownQuota } from "../../../infra/mails.ts";

interface MailQuotaReport extends KnownQuota {
  readonly schema: "shopctl.mail.quota/1";
  readonly environment: string;
}

/** What the provider takes: the shop cannot know which plan was bought. */
export default class MailQuotaCommand extends ShopctlCommand {
  static override summary = "Show or say how many mails a day the provider takes";
  static override description =
    "The mail worker holds mail beyond it, and `scale recommend` measures against it. Without a number SendGrid is taken to have the growth plan's 40,000 a month, or what env create was told, and AWS' own service 50,000 a day. Say so when you bought more; every process knows in seconds.";
  static override examples = [
    "<%= config.bin %> mail quota --env demo",
    "<%= config.bin %> mail quota --per-day 7000",
    "<%= config.bin %> mail quota --plan",
  ];
  static override flags = {
    ...environmentFlag,
    "per-day": Flags.integer({ description: "mails in 24 hours, from now on", min: 1, max: 999_999_999 }),
    plan: Flags.boolean({ description: "what there was before a number was said, again", exclusive: ["per-day"] }),
  };

  async run(): Promise<MailQuotaReport> {
    const { flags } = await this.parse(MailQuotaCommand);
    const session = await this.openSession(flags.env);
    const { environment } = session;
    const [{ openMails }, { mailQuota }, { renderMailQuota }, { readRunningState }, { baseline }] = await Promise.all([
      import("../../adapters/open-mails.ts"),
      import("../../../infra/mails.ts"),
      import("../../render/mails.ts"),
      import("../../adapters/running-topology.ts"),
      import("../../../infra/topology/topology.ts"),
    ]);
    const { topology = baseline } = await readRunningState(session);
    const mails = await openMails(session, (line) => this.say(line));
    const quota = await mailQuota(mails, topology, flags.plan ? "plan" : flags["per-day"]);
    this.log(renderMailQuota(quota, environment.name));
    return { schema: "shopctl.mail.quota/1", environment: environment.name, ...quota };
  }
}
