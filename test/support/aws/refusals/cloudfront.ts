import { refusals, type Refusal } from "../refusal.ts";

const api = "https://docs.aws.amazon.com/cloudfront/latest/APIReference";
const guide = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide";

interface CachePolicy {
  readonly minTtl?: number;
  readonly defaultTtl?: number;
  readonly maxTtl?: number;
  readonly parametersInCacheKeyAndForwardedToOrigin?: {
    readonly enableAcceptEncodingGzip?: boolean;
    readonly enableAcceptEncodingBrotli?: boolean;
  };
}

/** Times out of order, and compression where nothing is kept. */
export function refuseCachePolicy(inputs: CachePolicy): readonly Refusal[] {
  const { minTtl = 0, maxTtl = 31_536_000, parametersInCacheKeyAndForwardedToOrigin: key } = inputs;
  const { defaultTtl = Math.max(86_400, minTtl) } = inputs;
  const page = `${api}/API_CachePolicyConfig.html`;
  return refusals(
    !(minTtl <= defaultTtl && defaultTtl <= maxTtl) && {
      property: "defaultTtl",
      reason: `the times are to be minTtl <= defaultTtl <= maxTtl, not ${minTtl}, ${defaultTtl}, ${maxTtl}`,
      page,
    },
    maxTtl === 0 &&
      (key?.enableAcceptEncodingGzip === true || key?.enableAcceptEncodingBrotli === true) && {
        property: "parametersInCacheKeyAndForwardedToOrigin",
        reason: "a policy that keeps nothing cannot have compressed objects",
        page,
      },
  );
}

interface Behaviour {
  readonly targetOriginId: string;
  readonly allowedMethods: readonly string[];
}

interface Distribution {
  readonly aliases?: readonly string[] | undefined;
  readonly webAclId?: string | undefined;
  readonly viewerCertificate?: { readonly acmCertificateArn?: string | undefined };
  readonly origins?: readonly { readonly originId: string }[];
  readonly originGroups?:
    readonly { readonly originId: string; readonly members: readonly { readonly originId: string }[] }[] | undefined;
  readonly defaultCacheBehavior?: Behaviour;
  readonly orderedCacheBehaviors?: readonly Behaviour[] | undefined;
}

const methods = [
  ["GET", "HEAD"],
  ["GET", "HEAD", "OPTIONS"],
  ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
].map((each) => each.join());

/** What CloudFront refuses of a distribution. */
export function refuseDistribution(inputs: Distribution): readonly Refusal[] {
  const { aliases = [], webAclId, viewerCertificate, origins = [], originGroups = [] } = inputs;
  const { defaultCacheBehavior, orderedCacheBehaviors = [] } = inputs;
  const behaviours = [...(defaultCacheBehavior === undefined ? [] : [defaultCacheBehavior]), ...orderedCacheBehaviors];
  const known = [...origins, ...originGroups].map(({ originId }) => originId);
  const groups = originGroups.map(({ originId }) => originId);
  const certificate = viewerCertificate?.acmCertificateArn;
  return refusals(
    certificate !== undefined &&
      certificate.split(":")[3] !== "us-east-1" && {
        property: "viewerCertificate",
        reason: `the certificate ${certificate} is not of us-east-1`,
        page: `${guide}/cnames-and-https-requirements.html`,
      },
    aliases.length > 0 &&
      viewerCertificate !== undefined &&
      certificate === undefined && {
        property: "aliases",
        reason: "names of one's own need a certificate",
        page: `${guide}/CNAMEs.html`,
      },
    webAclId !== undefined &&
      webAclId.startsWith("arn:") &&
      !webAclId.includes(":us-east-1:") && {
        property: "webAclId",
        reason: "a firewall of CloudFront is of us-east-1",
        page: `${api}/API_DistributionConfig.html`,
      },
    ...behaviours.map(
      ({ targetOriginId }) =>
        // A preview does not know the origins before the bucket is there.
        inputs.origins !== undefined &&
        !known.includes(targetOriginId) && {
          property: "targetOriginId",
          reason: `there is no origin ${targetOriginId}`,
          page: `${api}/API_CacheBehavior.html`,
        },
    ),
    ...behaviours.map(
      ({ allowedMethods }) =>
        !methods.includes(allowedMethods.toSorted().join()) && {
          property: "allowedMethods",
          reason: `methods are GET and HEAD, those and OPTIONS, or all seven, not ${allowedMethods.join(", ")}`,
          page: `${api}/API_AllowedMethods.html`,
        },
    ),
    ...behaviours.map(
      ({ targetOriginId, allowedMethods }) =>
        groups.includes(targetOriginId) &&
        allowedMethods.includes("POST") && {
          property: "allowedMethods",
          reason: "an origin group answers GET, HEAD and OPTIONS only",
          page: `${guide}/high_availability_origin_failover.html`,
        },
    ),
    ...originGroups.map(
      ({ members }) =>
        members.length !== 2 && {
          property: "originGroups",
          reason: "a group has two origins",
          page: `${api}/API_OriginGroupMembers.html`,
        },
    ),
  );
}
