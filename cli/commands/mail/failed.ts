import { environmentFlag, ShopctlCommand } from "../../command.ts";
import type { FailedMail } from "../../../service/contract/mails.ts";

interface MailFailedReport {
  readonly schema: "shopctl.mail.failed/1";
  readonly environment: string;
  /** Newest first. */
  readonly mails: readonly FailedMail[];
}

/** The list of dead letters. */
export default class MailFailed extends ShopctlCommand {
  static override summary = "List the mails that the mail workers gave up, newest first";
  static override description =
    "Of an address only its domain is shown. With mail sent inside the request a mail that fails is not kept, so the list is empty. A mail that expired had a code that ended before it could be sent: a retry does not send it either.";
  static override examples = [
    "<%= config.bin %> mail failed --env demo",
    "<%= config.bin %> mail failed --json | jq -r '.mails[].error' | sort | uniq -c",
  ];
  static override flags = { ...environmentFlag };

  async run(): Promise<MailFailedReport> {
    const { flags } = await this.parse(MailFailed);
    const session = await this.openSession(flags.env);
    const { environment } = session;
    const [{ openMails }, { listFailedMails }] = await Promise.all([
      import("../../adapters/open-mails.ts"),
      import("../../../infra/mails.ts"),
    ]);
    const mails = await listFailedMails(await openMails(session, (line) => this.say(line)));
    if (!this.jsonEnabled()) {
      const { renderFailedMails } = await import("../../render/mails.ts");
      this.log(renderFailedMails(mails, environment.name));
    }
    return { schema: "shopctl.mail.failed/1", environment: environment.name, mails };
  }
}
