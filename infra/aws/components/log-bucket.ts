import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { logRetentionDays } from "./cluster.ts";
import { PrivateBucket } from "./private-bucket.ts";

/** Access logs of the load balancer, kept as long as the other logs. */
export class LogBucket extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;

  constructor(name: string, options: pulumi.ComponentResourceOptions) {
    super("shopctl:aws:LogBucket", name, {}, options);
    const store = new PrivateBucket(
      name,
      {
        statements: (arn) => [
          {
            Effect: "Allow",
            Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
            Action: "s3:PutObject",
            Resource: pulumi.interpolate`${arn}/*`,
          },
        ],
      },
      { parent: this },
    );
    new aws.s3.BucketLifecycleConfiguration(
      name,
      {
        bucket: store.bucket.id,
        rules: [{ id: "expire", status: "Enabled", filter: {}, expiration: { days: logRetentionDays } }],
      },
      { parent: this },
    );
    this.name = store.name;
    this.registerOutputs();
  }
}
