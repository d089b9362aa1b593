import {
  CloudFrontClient,
  CreateDistributionWithTagsCommand,
  CreateOriginAccessControlCommand,
  DeleteDistributionCommand,
  DeleteOriginAccessControlCommand,
  GetDistributionCommand,
  GetOriginAccessControlCommand,
  UpdateDistributionCommand,
} from "@aws-sdk/client-cloudfront";
import { randomUUID } from "node:crypto";
import type * as aws from "@pulumi/aws";
import { tagList, type Aws } from "../aws-access.ts";
import { distributionConfig } from "../distribution-config.ts";
import { keptRow } from "../kept-rows.ts";
import { refuseCachePolicy, refuseDistribution } from "../refusals/cloudfront.ts";
import { row, type ResourceTable } from "../resource-row.ts";

const client = (of: Aws): CloudFrontClient => of.client(CloudFrontClient);
const api = "https://docs.aws.amazon.com/cloudfront/latest/APIReference";
/** Zone that every alias of CloudFront names: https://docs.aws.amazon.com/general/latest/gr/cf_region.html */
const cloudFrontZone = "Z2FDTNDATAQYW2";

/** The CDN. */
export const cloudfront: ResourceTable = {
  "aws:cloudfront/distribution:Distribution": row<aws.cloudfront.DistributionArgs>({
    replaceOn: [],
    refuse: refuseDistribution,
    async create(of, inputs) {
      const { Distribution } = await client(of).send(
        new CreateDistributionWithTagsCommand({
          DistributionConfigWithTags: {
            DistributionConfig: distributionConfig(inputs, randomUUID()),
            Tags: { Items: tagList(of.tags) },
          },
        }),
      );
      return Distribution?.Id ?? "";
    },
    async read(of, Id) {
      const { Distribution: found, ETag } = await client(of).send(new GetDistributionCommand({ Id }));
      return (
        found && {
          arn: found.ARN,
          domainName: found.DomainName,
          hostedZoneId: cloudFrontZone,
          etag: ETag,
          enabled: found.DistributionConfig?.Enabled,
          webAclId: found.DistributionConfig?.WebACLId,
        }
      );
    },
    async update(of, Id, inputs) {
      const { Distribution: found, ETag } = await client(of).send(new GetDistributionCommand({ Id }));
      await client(of).send(
        new UpdateDistributionCommand({
          Id,
          IfMatch: ETag,
          DistributionConfig: distributionConfig(inputs, found?.DistributionConfig?.CallerReference ?? ""),
        }),
      );
    },
    // A distribution is switched off before it goes; the provider waits for that.
    async delete(of, Id, inputs) {
      const { Distribution: found, ETag } = await client(of).send(new GetDistributionCommand({ Id }));
      const reference = found?.DistributionConfig?.CallerReference ?? "";
      const off = { ...distributionConfig(inputs, reference), Enabled: false };
      const updated = await client(of).send(
        new UpdateDistributionCommand({ Id, IfMatch: ETag, DistributionConfig: off }),
      );
      await client(of).send(new DeleteDistributionCommand({ Id, IfMatch: updated.ETag ?? ETag }));
    },
  }),
  "aws:cloudfront/originAccessControl:OriginAccessControl": row<aws.cloudfront.OriginAccessControlArgs>({
    replaceOn: "all",
    named: { by: "name", maxLength: 64, page: `${api}/API_OriginAccessControlConfig.html` },
    async create(of, { name = "" }) {
      const { OriginAccessControl: made } = await client(of).send(
        new CreateOriginAccessControlCommand({
          OriginAccessControlConfig: {
            Name: name,
            OriginAccessControlOriginType: "s3",
            SigningBehavior: "always",
            SigningProtocol: "sigv4",
          },
        }),
      );
      return made?.Id ?? "";
    },
    async read(of, Id) {
      const found = await client(of).send(new GetOriginAccessControlCommand({ Id }));
      return { etag: found.ETag };
    },
    async delete(of, Id) {
      const { ETag } = await client(of).send(new GetOriginAccessControlCommand({ Id }));
      await client(of).send(new DeleteOriginAccessControlCommand({ Id, IfMatch: ETag }));
    },
  }),
  "aws:cloudfront/cachePolicy:CachePolicy": keptRow("aws:cloudfront/cachePolicy:CachePolicy", {
    replaceOn: ["name"],
    named: { by: "name", maxLength: 128, page: `${api}/API_CachePolicyConfig.html` },
    refuse: refuseCachePolicy,
    idOf: () => randomUUID(),
  }),
};
