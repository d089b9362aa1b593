import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketTaggingCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { readFileSync } from "node:fs";
import type * as aws from "@pulumi/aws";
import { tagList, type Aws } from "../aws-access.ts";
import { row, type Given, type ResourceTable } from "../resource-row.ts";

const client = (of: Aws): S3Client => of.client(S3Client);
const page = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html";

async function emptyBucket(of: Aws, Bucket: string): Promise<void> {
  const { Contents = [] } = await client(of).send(new ListObjectsV2Command({ Bucket }));
  for (const { Key } of Contents) await client(of).send(new DeleteObjectCommand({ Bucket, Key }));
}

async function putObject(of: Aws, inputs: Given<aws.s3.BucketObjectv2Args>): Promise<void> {
  const { path } = inputs.source as unknown as { readonly path: string };
  await client(of).send(
    new PutObjectCommand({
      Bucket: inputs.bucket as string,
      Key: inputs.key,
      Body: readFileSync(path),
      ContentType: inputs.contentType,
      CacheControl: inputs.cacheControl,
    }),
  );
}

/** Buckets and what is in them. */
export const buckets: ResourceTable = {
  "aws:s3/bucket:Bucket": row<aws.s3.BucketArgs>({
    replaceOn: ["bucket"],
    named: { by: "bucket", maxLength: 63, page },
    async create(of, { bucket = "" }) {
      await client(of).send(
        new CreateBucketCommand({
          Bucket: bucket,
          ...(of.region === "us-east-1"
            ? {}
            : { CreateBucketConfiguration: { LocationConstraint: of.region as "eu-central-1" } }),
        }),
      );
      await client(of).send(new PutBucketTaggingCommand({ Bucket: bucket, Tagging: { TagSet: tagList(of.tags) } }));
      return bucket;
    },
    async read(of, Bucket) {
      await client(of).send(new HeadBucketCommand({ Bucket }));
      return {
        arn: `arn:aws:s3:::${Bucket}`,
        bucket: Bucket,
        bucketRegionalDomainName: `${Bucket}.s3.${of.region}.amazonaws.com`,
      };
    },
    // What may change is only whether its deletion empties it first.
    async update() {},
    async delete(of, Bucket, { forceDestroy }) {
      if (forceDestroy === true) await emptyBucket(of, Bucket);
      await client(of).send(new DeleteBucketCommand({ Bucket }));
    },
  }),
  "aws:s3/bucketObjectv2:BucketObjectv2": row<aws.s3.BucketObjectv2Args>({
    replaceOn: ["bucket", "key"],
    async create(of, inputs) {
      await putObject(of, inputs);
      return inputs.key ?? "";
    },
    async read(of, Key, { bucket }) {
      const found = await client(of).send(new HeadObjectCommand({ Bucket: bucket as string, Key }));
      return { contentType: found.ContentType, cacheControl: found.CacheControl, etag: found.ETag };
    },
    async update(of, _id, inputs) {
      await putObject(of, inputs);
    },
    async delete(of, Key, { bucket }) {
      await client(of).send(new DeleteObjectCommand({ Bucket: bucket as string, Key }));
    },
  }),
};
