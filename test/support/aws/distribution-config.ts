import type { CacheBehavior, DistributionConfig, Method, Origin } from "@aws-sdk/client-cloudfront";
import type * as aws from "@pulumi/aws";
import type { Given } from "./resource-row.ts";

type Inputs = Given<aws.cloudfront.DistributionArgs>;

/** CloudFront's lists say how long they are. */
function list<T>(items: readonly T[]): { Quantity: number; Items: T[] } {
  return { Quantity: items.length, Items: [...items] };
}

/** A distribution as the API takes it. */
export function distributionConfig(inputs: Inputs, CallerReference: string): DistributionConfig {
  const { viewerCertificate: certificate } = inputs;
  return {
    CallerReference,
    Comment: inputs.comment ?? "",
    Enabled: inputs.enabled,
    Aliases: list(inputs.aliases ?? []),
    HttpVersion: inputs.httpVersion as NonNullable<DistributionConfig["HttpVersion"]>,
    PriceClass: inputs.priceClass as NonNullable<DistributionConfig["PriceClass"]>,
    WebACLId: inputs.webAclId,
    Origins: list(inputs.origins.map(originOf)),
    OriginGroups: list(
      (inputs.originGroups ?? []).map(({ originId, failoverCriteria, members }) => ({
        Id: originId,
        FailoverCriteria: { StatusCodes: list(failoverCriteria.statusCodes) },
        Members: list(members.map((member) => ({ OriginId: member.originId }))),
      })),
    ),
    DefaultCacheBehavior: behaviourOf(inputs.defaultCacheBehavior),
    CacheBehaviors: list(
      (inputs.orderedCacheBehaviors ?? []).map((behaviour): CacheBehavior => ({
        ...behaviourOf(behaviour),
        PathPattern: behaviour.pathPattern,
      })),
    ),
    CustomErrorResponses: list(
      (inputs.customErrorResponses ?? []).map(({ errorCode, errorCachingMinTtl }) => ({
        ErrorCode: errorCode,
        ErrorCachingMinTTL: errorCachingMinTtl,
      })),
    ),
    Restrictions: { GeoRestriction: { RestrictionType: "none", ...list<string>([]) } },
    ViewerCertificate: {
      ACMCertificateArn: certificate.acmCertificateArn,
      SSLSupportMethod: "sni-only",
      MinimumProtocolVersion: certificate.minimumProtocolVersion as "TLSv1.2_2021",
    },
  };
}

/** The provider says of a bucket that it is one where an origin has nothing but its access control. */
function originOf(origin: Inputs["origins"][number]): Origin {
  const { customOriginConfig: custom } = origin;
  return {
    Id: origin.originId,
    DomainName: origin.domainName,
    OriginPath: "",
    CustomHeaders: list(
      (origin.customHeaders ?? []).map(({ name, value }) => ({ HeaderName: name, HeaderValue: value })),
    ),
    ...(custom === undefined
      ? { S3OriginConfig: { OriginAccessIdentity: "" }, OriginAccessControlId: origin.originAccessControlId }
      : {
          CustomOriginConfig: {
            HTTPPort: custom.httpPort,
            HTTPSPort: custom.httpsPort,
            OriginProtocolPolicy: "https-only",
            OriginSslProtocols: list(["TLSv1.2"] as const),
            OriginKeepaliveTimeout: custom.originKeepaliveTimeout,
            OriginReadTimeout: custom.originReadTimeout,
          },
        }),
  };
}

interface Behaviour {
  readonly targetOriginId: string;
  readonly viewerProtocolPolicy: string;
  readonly allowedMethods: readonly string[];
  readonly cachedMethods: readonly string[];
  readonly compress?: boolean | undefined;
  readonly cachePolicyId?: string | undefined;
  readonly originRequestPolicyId?: string | undefined;
  readonly responseHeadersPolicyId?: string | undefined;
}

function behaviourOf(behaviour: Behaviour): Omit<CacheBehavior, "PathPattern"> {
  return {
    TargetOriginId: behaviour.targetOriginId,
    ViewerProtocolPolicy: behaviour.viewerProtocolPolicy as "redirect-to-https",
    AllowedMethods: {
      ...list(behaviour.allowedMethods as readonly Method[]),
      CachedMethods: list(behaviour.cachedMethods as readonly Method[]),
    },
    Compress: behaviour.compress,
    CachePolicyId: behaviour.cachePolicyId,
    OriginRequestPolicyId: behaviour.originRequestPolicyId,
    ResponseHeadersPolicyId: behaviour.responseHeadersPolicyId,
  };
}
