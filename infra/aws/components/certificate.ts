import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface CertificateArgs {
  /** The first is its own name, the others its further names. */
  readonly domains: readonly [string, ...string[]];
  readonly hostedZoneId: string;
  /** CloudFront takes certificates of us-east-1 only, the load balancer those of its own region. */
  readonly region: string;
  /** One of another region whose records prove these names too: ACM asks an account for one record a name, wherever. */
  readonly provenBy?: Certificate | undefined;
}

/**
 * A certificate of ACM, proven by records in the domain's zone; ACM renews it by itself while the records stand. So a
 * record has one owner: of two, the one that goes would take it from the other.
 * https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
 */
export class Certificate extends pulumi.ComponentResource {
  /** Of the validated one, so that whoever uses it waits for that. */
  readonly arn: pulumi.Output<string>;
  readonly #records: readonly aws.route53.Record[];

  constructor(name: string, args: CertificateArgs, options: pulumi.ComponentResourceOptions) {
    super("shopctl:aws:Certificate", name, {}, options);
    const { domains, hostedZoneId, region, provenBy } = args;
    const [domainName, ...subjectAlternativeNames] = domains;
    const certificate = new aws.acm.Certificate(
      name,
      {
        domainName,
        ...(subjectAlternativeNames.length === 0 ? {} : { subjectAlternativeNames }),
        validationMethod: "DNS",
        region,
      },
      { parent: this },
    );
    this.#records =
      provenBy === undefined ? domains.map((domain) => this.#prove(name, certificate, domain, hostedZoneId)) : [];
    const records = provenBy === undefined ? this.#records : provenBy.#records.slice(0, domains.length);
    this.arn = new aws.acm.CertificateValidation(
      name,
      { certificateArn: certificate.arn, validationRecordFqdns: records.map(({ fqdn }) => fqdn), region },
      { parent: this },
    ).certificateArn;
    this.registerOutputs();
  }

  #prove(name: string, certificate: aws.acm.Certificate, domain: string, zoneId: string): aws.route53.Record {
    const proof = certificate.domainValidationOptions.apply((options) => {
      const found = options.find(({ domainName }) => domainName === domain);
      if (found === undefined) throw new pulumi.RunError(`ACM asks for no proof of ${domain}`);
      return found;
    });
    return new aws.route53.Record(
      `${name}-${domain}`,
      {
        zoneId,
        name: proof.resourceRecordName,
        type: proof.resourceRecordType.apply((type) => type as aws.route53.RecordType),
        records: [proof.resourceRecordValue],
        ttl: 300,
        allowOverwrite: true,
      },
      { parent: this },
    );
  }
}
