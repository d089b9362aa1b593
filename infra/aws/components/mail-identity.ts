import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** The domain as a sender of Amazon SES: signed with DKIM, bounces under a name of its own, and an SPF and DMARC record. */
export class MailIdentity extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(
    name: string,
    args: { readonly domain: string; readonly hostedZoneId: string; readonly region: string },
    options: pulumi.ComponentResourceOptions,
  ) {
    super("shopctl:aws:MailIdentity", name, {}, options);
    const inside = { parent: this };
    const { domain, hostedZoneId: zoneId, region } = args;
    const identity = new aws.sesv2.EmailIdentity(name, { emailIdentity: domain }, inside);
    const bounces = `bounce.${domain}`;
    new aws.sesv2.EmailIdentityMailFromAttributes(
      name,
      // Until the record is known, SES has a name of its own for the bounces; the other choice refuses the mail.
      { emailIdentity: identity.emailIdentity, mailFromDomain: bounces, behaviorOnMxFailure: "USE_DEFAULT_VALUE" },
      inside,
    );
    const tokens = identity.dkimSigningAttributes.apply((signing) => signing.tokens);
    for (const at of [0, 1, 2]) {
      const token = tokens.apply((all) => all[at] ?? "");
      new aws.route53.Record(
        `${name}-dkim-${at + 1}`,
        {
          zoneId,
          name: pulumi.interpolate`${token}._domainkey.${domain}`,
          type: "CNAME",
          ttl: 600,
          records: [pulumi.interpolate`${token}.dkim.amazonses.com`],
        },
        inside,
      );
    }
    const record = (kind: string, type: "MX" | "TXT", host: string, value: string): aws.route53.Record =>
      new aws.route53.Record(`${name}-${kind}`, { zoneId, name: host, type, ttl: 600, records: [value] }, inside);
    record("bounce-mx", "MX", bounces, `10 feedback-smtp.${region}.amazonses.com`);
    record("bounce-spf", "TXT", bounces, "v=spf1 include:amazonses.com -all");
    record("dmarc", "TXT", `_dmarc.${domain}`, "v=DMARC1; p=quarantine");
    this.arn = identity.arn;
    this.registerOutputs();
  }
}
