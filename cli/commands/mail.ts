import { Flags } from "@oclif/core";
import { environmentFlag, ShopctlCommand } from "../command.ts";
import type { StoredMessage } from "../../infra/local/mail-sink/sink-config.ts";

interface MailReport {
  readonly schema: "shopctl.mail/1";
  readonly environment: string;
  /** Newest first. */
  readonly messages: readonly StoredMessage[];
}

/** What the shop sent: on this machine a mail sink receives it, by SMTP and by SendGrid's API. */
export default class Mail extends ShopctlCommand {
  static override summary = "List the mails that the shop sent, newest first";
  static override examples = ["<%= config.bin %> mail --env demo", "<%= config.bin %> mail --limit 1 --text"];
  static override flags = {
    ...environmentFlag,
    limit: Flags.integer({ char: "n", description: "how many", default: 20, min: 1, max: 1_000 }),
    text: Flags.boolean({ description: "with their text" }),
  };

  async run(): Promise<MailReport> {
    const { flags } = await this.parse(Mail);
    const { environment } = await this.openLocalSession(flags.env);
    const { readMailbox } = await import("../../infra/local/operations/mailbox.ts");
    const messages = await readMailbox(environment, { limit: flags.limit });
    if (!this.jsonEnabled()) {
      const { renderMails } = await import("../render/mails.ts");
      this.log(renderMails(messages, { text: flags.text }));
    }
    return { schema: "shopctl.mail/1", environment: environment.name, messages };
  }
}
