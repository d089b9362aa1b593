import { extname } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { PrivateBucket } from "./private-bucket.ts";

export interface StaticFile {
  /** Path that it is asked for by, e.g. `assets/storefront-0123456789ab.js`; has the hash of its content. */
  readonly path: string;
  /** Where it is on this machine. */
  readonly file: string;
}

const types: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".png": "image/png",
};

/**
 * The storefront's files of this release and of those before: while tasks are replaced, pages of the old release still ask
 * for its files, and so they stay when they leave the program.
 */
export class StaticFiles extends pulumi.ComponentResource {
  readonly store: PrivateBucket;

  constructor(
    name: string,
    { files, readerArn }: { readonly files: readonly StaticFile[]; readonly readerArn: pulumi.Input<string> },
    options: pulumi.ComponentResourceOptions,
  ) {
    super("shopctl:aws:StaticFiles", name, {}, options);
    this.store = new PrivateBucket(
      name,
      {
        // Every release has its files with it, so the way back from the CDN can take them along.
        losable: true,
        statements: (arn) => [
          {
            Effect: "Allow",
            Principal: { Service: "cloudfront.amazonaws.com" },
            Action: "s3:GetObject",
            Resource: pulumi.interpolate`${arn}/*`,
            Condition: { ArnLike: { "AWS:SourceArn": readerArn } },
          },
        ],
      },
      { parent: this },
    );
    for (const { path, file } of files)
      new aws.s3.BucketObjectv2(
        `${name}-${path.replaceAll(/[^\w.-]/g, "-")}`,
        {
          bucket: this.store.bucket.id,
          key: path,
          source: new pulumi.asset.FileAsset(file),
          contentType: types[extname(path)] ?? "application/octet-stream",
          cacheControl: "public, max-age=31536000, immutable",
        },
        { parent: this, retainOnDelete: true },
      );
    this.registerOutputs();
  }
}
