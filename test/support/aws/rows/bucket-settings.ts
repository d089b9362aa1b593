import {
  DeleteBucketEncryptionCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type * as aws from "@pulumi/aws";
import { type Aws } from "../aws-access.ts";
import { row, type Given, type ResourceTable } from "../resource-row.ts";

const client = (of: Aws): S3Client => of.client(S3Client);

async function encrypt(of: Aws, { bucket, rules }: Given<aws.s3.BucketServerSideEncryptionConfigurationArgs>) {
  await client(of).send(
    new PutBucketEncryptionCommand({
      Bucket: bucket,
      ServerSideEncryptionConfiguration: {
        Rules: rules.map(({ applyServerSideEncryptionByDefault: byDefault }) => ({
          ApplyServerSideEncryptionByDefault: {
            SSEAlgorithm: byDefault?.sseAlgorithm === "aws:kms" ? "aws:kms" : "AES256",
          },
        })),
      },
    }),
  );
}

async function close(of: Aws, inputs: Given<aws.s3.BucketPublicAccessBlockArgs>): Promise<void> {
  await client(of).send(
    new PutPublicAccessBlockCommand({
      Bucket: inputs.bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: inputs.blockPublicAcls,
        BlockPublicPolicy: inputs.blockPublicPolicy,
        IgnorePublicAcls: inputs.ignorePublicAcls,
        RestrictPublicBuckets: inputs.restrictPublicBuckets,
      },
    }),
  );
}

async function expire(of: Aws, { bucket, rules = [] }: Given<aws.s3.BucketLifecycleConfigurationArgs>): Promise<void> {
  await client(of).send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket: bucket,
      LifecycleConfiguration: {
        Rules: rules.map(({ id, expiration }) => ({
          ID: id,
          Status: "Enabled" as const,
          Filter: { Prefix: "" },
          Expiration: { Days: expiration?.days },
        })),
      },
    }),
  );
}

/**
 * moto does not look at conditions and takes a refusal of plain HTTP for one of everything, so it gets the statements that
 * refuse nothing. What the whole policy says is held by the rules of `infra/aws/policy`.
 */
async function putPolicy(of: Aws, { bucket, policy }: Given<aws.s3.BucketPolicyArgs>): Promise<void> {
  const whole = JSON.parse(policy as string) as { readonly Statement: readonly { readonly Effect: string }[] };
  const Policy = JSON.stringify({ ...whole, Statement: whole.Statement.filter(({ Effect }) => Effect === "Allow") });
  await client(of).send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
}

/** What is said of buckets: each a resource of its own. */
export const bucketSettings: ResourceTable = {
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
    row<aws.s3.BucketServerSideEncryptionConfigurationArgs>({
      replaceOn: ["bucket"],
      async create(of, inputs) {
        await encrypt(of, inputs);
        return inputs.bucket;
      },
      async read(of, Bucket) {
        await client(of).send(new GetBucketEncryptionCommand({ Bucket }));
        return { bucket: Bucket };
      },
      async update(of, _id, inputs) {
        await encrypt(of, inputs);
      },
      async delete(of, Bucket) {
        await client(of).send(new DeleteBucketEncryptionCommand({ Bucket }));
      },
    }),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": row<aws.s3.BucketPublicAccessBlockArgs>({
    replaceOn: ["bucket"],
    async create(of, inputs) {
      await close(of, inputs);
      return inputs.bucket;
    },
    async read(of, Bucket) {
      const { PublicAccessBlockConfiguration: found } = await client(of).send(
        new GetPublicAccessBlockCommand({ Bucket }),
      );
      return {
        blockPublicAcls: found?.BlockPublicAcls,
        blockPublicPolicy: found?.BlockPublicPolicy,
        ignorePublicAcls: found?.IgnorePublicAcls,
        restrictPublicBuckets: found?.RestrictPublicBuckets,
      };
    },
    async update(of, _id, inputs) {
      await close(of, inputs);
    },
    async delete(of, Bucket) {
      await client(of).send(new DeletePublicAccessBlockCommand({ Bucket }));
    },
  }),
  "aws:s3/bucketPolicy:BucketPolicy": row<aws.s3.BucketPolicyArgs>({
    replaceOn: ["bucket"],
    async create(of, inputs) {
      await putPolicy(of, inputs);
      return inputs.bucket;
    },
    async read(of, Bucket) {
      await client(of).send(new GetBucketPolicyCommand({ Bucket }));
      return { bucket: Bucket };
    },
    async update(of, _id, inputs) {
      await putPolicy(of, inputs);
    },
    async delete(of, Bucket) {
      await client(of).send(new DeleteBucketPolicyCommand({ Bucket }));
    },
  }),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": row<aws.s3.BucketLifecycleConfigurationArgs>({
    replaceOn: ["bucket"],
    async create(of, inputs) {
      await expire(of, inputs);
      return inputs.bucket;
    },
    async read(of, Bucket) {
      await client(of).send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
      return { bucket: Bucket };
    },
    async update(of, _id, inputs) {
      await expire(of, inputs);
    },
    async delete(of, Bucket) {
      await client(of).send(new DeleteBucketLifecycleCommand({ Bucket }));
    },
  }),
};
