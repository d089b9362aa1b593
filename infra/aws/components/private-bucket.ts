import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** A bucket that nobody outside can see, encrypted, TLS only. */
export class PrivateBucket extends pulumi.ComponentResource {
  readonly bucket: aws.s3.Bucket;
  readonly name: pulumi.Output<string>;

  constructor(
    name: string,
    {
      statements,
      losable = false,
    }: {
      readonly statements: (bucketArn: pulumi.Output<string>) => readonly pulumi.Input<object>[];
      /** What is in it goes with it: S3 deletes no bucket that is not empty. */
      readonly losable?: boolean;
    },
    options: pulumi.ComponentResourceOptions,
  ) {
    super("shopctl:aws:PrivateBucket", name, {}, options);
    const inside = { parent: this };
    this.bucket = new aws.s3.Bucket(name, { forceDestroy: losable }, inside);
    this.name = this.bucket.bucket;
    const bucket = this.bucket.id;
    new aws.s3.BucketServerSideEncryptionConfiguration(
      name,
      { bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
      inside,
    );
    const closed = new aws.s3.BucketPublicAccessBlock(
      name,
      { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      inside,
    );
    new aws.s3.BucketPolicy(
      name,
      {
        bucket,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [...statements(this.bucket.arn), refusePlainHttp(this.bucket.arn)],
        }),
      },
      { parent: this, dependsOn: [closed] },
    );
    this.registerOutputs();
  }
}

function refusePlainHttp(arn: pulumi.Output<string>): object {
  return {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [arn, pulumi.interpolate`${arn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}
