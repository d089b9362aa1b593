import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface CertificateArgs {
  readonly domain: string;
  readonly hostedZoneId: string;
  /** CloudFront takes certificates of us-east-1 only, the load balancer those of its own region. */
  readonly region: string;
}

/** A certificate of ACM, proven by a record in the domain's zone; ACM renews it by itself while the record stands. */
export class Certificate extends pulumi.ComponentResource {
  /** Of the validated one, so that whoever uses it waits for that. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: CertificateArgs, options: pulumi.ComponentResourceOptions) {
    super("shopctl:aws:Certificate", name, {}, options);
    const { domain, hostedZoneId, region } = args;
    const certificate = new aws.acm.Certificate(
      name,
      { domainName: domain, validationMethod: "DNS", region },
      { parent: this },
    );
    const proof = certificate.domainValidationOptions.apply(([first]) => {
      if (first === undefined) throw new pulumi.RunError(`ACM asks for no proof of ${domain}`);
      return first;
    });
    const record = new aws.route53.Record(
      name,
      {
        zoneId: hostedZoneId,
        name: proof.resourceRecordName,
        type: proof.resourceRecordType.apply((type) => type as aws.route53.RecordType),
        records: [proof.resourceRecordValue],
        ttl: 300,
        // The certificates of two regions for one name are proven by one and the same record.
        allowOverwrite: true,
      },
      { parent: this },
    );
    this.arn = new aws.acm.CertificateValidation(
      name,
      { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn], region },
      { parent: this },
    ).certificateArn;
    this.registerOutputs();
  }
}
