import * as pulumi from "@pulumi/pulumi";
import { figures } from "../../../service/contract/figures.ts";
import type { Releases } from "./releases.ts";
import { MailSink } from "./resources.ts";
import type { Needed, ShopContext } from "./shop-context.ts";

/** The mail services of the outside world: Gmail's SMTP and SendGrid's API, both there whichever the shop uses. */
export class Mail extends pulumi.ComponentResource {
  readonly sink: MailSink;

  constructor(
    name: string,
    { environment, credentials }: ShopContext,
    needs: { readonly first: readonly Needed[]; readonly releases: Releases },
    options: pulumi.ComponentResourceOptions,
  ) {
    super("shopctl:components:Mail", name, {}, options);
    this.sink = new MailSink(
      "mail-sink",
      {
        paths: environment.paths,
        smtpPort: environment.ports.mailSmtp,
        apiPort: environment.ports.mailApi,
        releaseFolder: needs.releases.mailSink.folder,
        smtpPassword: credentials.smtp,
        apiKey: credentials.sendgrid,
        smtpPerDay: figures.email.gmailSmtpPerDay,
        // Of the largest plan: how much was bought of it is what the shop is told (`mail quota`).
        apiPerMonth: figures.email.sendgridPro.perMonth,
      },
      { parent: this, dependsOn: [...needs.first, needs.releases.mailSink] },
    );
    this.registerOutputs();
  }
}
