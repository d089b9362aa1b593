import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { originKeyHeader } from "../../../service/contract/cdn.ts";
import type { LoadBalancer } from "./load-balancer.ts";
import { StaticFiles, type StaticFile } from "./static-files.ts";

export interface EdgeArgs {
  readonly domain: string;
  /** Name of the load balancer that its certificate is for. */
  readonly originDomain: pulumi.Input<string>;
  readonly certificateArn: pulumi.Input<string>;
  readonly firewallArn: pulumi.Input<string>;
  readonly balancer: LoadBalancer;
  /** What the load balancer lets the CDN in for. Secret. */
  readonly originKey: pulumi.Input<string>;
  readonly files: readonly StaticFile[];
}

/** Ids of policies that CloudFront has for everybody: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html */
const managed = {
  cachingDisabled: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
  allViewer: "216adef6-5c7f-47e4-b989-5492eafa07d3",
  securityHeaders: "67f7725c-6f97-4210-82d7-5512b31e9d03",
};

/**
 * Errors that CloudFront gives to everybody for ten seconds, `no-store` or not, also of paths of which it keeps nothing else:
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html
 */
const keptErrors = [500, 502, 503, 504];

const shopOrigin = "shop";
const fileOrigin = "files";
const filesThenShop = "files-then-shop";

/**
 * CloudFront before the load balancer. Static files come from a bucket, and from the shop when they are not there yet.
 * What may be kept, and how long, is what the shop says in Cache-Control; routes that are nobody else's business are not
 * looked up at all.
 */
export class Edge extends pulumi.ComponentResource {
  readonly distribution: aws.cloudfront.Distribution;

  constructor(name: string, args: EdgeArgs, options: pulumi.ComponentResourceOptions) {
    super("shopctl:aws:Edge", name, {}, options);
    const { domain, originDomain, certificateArn, firewallArn, balancer, originKey, files } = args;
    const cacheable = new aws.cloudfront.CachePolicy(
      name,
      {
        minTtl: 0,
        defaultTtl: 0,
        maxTtl: 86_400,
        parametersInCacheKeyAndForwardedToOrigin: {
          enableAcceptEncodingBrotli: true,
          enableAcceptEncodingGzip: true,
          cookiesConfig: { cookieBehavior: "none" },
          // What is not in the key does not reach the shop, and there who is signed in has a limit of their own.
          headersConfig: { headerBehavior: "whitelist", headers: { items: ["Authorization"] } },
          queryStringsConfig: { queryStringBehavior: "all" },
        },
      },
      { parent: this },
    );
    const behaviour = {
      targetOriginId: shopOrigin,
      viewerProtocolPolicy: "redirect-to-https",
      allowedMethods: ["GET", "HEAD", "OPTIONS"],
      cachedMethods: ["GET", "HEAD"],
      compress: true,
      responseHeadersPolicyId: managed.securityHeaders,
    };
    const access = new aws.cloudfront.OriginAccessControl(
      name,
      { originAccessControlOriginType: "s3", signingBehavior: "always", signingProtocol: "sigv4" },
      { parent: this },
    );
    // The bucket lets one distribution in, which in turn must know the bucket: the way round goes by the account's number.
    const account = aws.getCallerIdentityOutput({}, { parent: this }).accountId;
    const stored = new StaticFiles(
      `${name}-files`,
      { files, readerArn: pulumi.interpolate`arn:aws:cloudfront::${account}:distribution/*` },
      { parent: this },
    );
    this.distribution = new aws.cloudfront.Distribution(
      name,
      {
        enabled: true,
        aliases: [domain],
        httpVersion: "http2and3",
        priceClass: "PriceClass_100",
        webAclId: firewallArn,
        originGroups: [
          {
            originId: filesThenShop,
            failoverCriteria: { statusCodes: [403, 404] },
            members: [{ originId: fileOrigin }, { originId: shopOrigin }],
          },
        ],
        origins: [
          {
            originId: fileOrigin,
            domainName: stored.store.bucket.bucketRegionalDomainName,
            originAccessControlId: access.id,
          },
          {
            originId: shopOrigin,
            domainName: originDomain,
            customHeaders: [{ name: originKeyHeader, value: pulumi.secret(originKey) }],
            customOriginConfig: {
              httpPort: 80,
              httpsPort: 443,
              originProtocolPolicy: "https-only",
              originSslProtocols: ["TLSv1.2"],
              originKeepaliveTimeout: 60,
              originReadTimeout: 30,
            },
          },
        ],
        defaultCacheBehavior: {
          ...behaviour,
          allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
          cachePolicyId: managed.cachingDisabled,
          originRequestPolicyId: managed.allViewer,
        },
        orderedCacheBehaviors: [
          { ...behaviour, pathPattern: "/assets/*", cachePolicyId: cacheable.id, targetOriginId: filesThenShop },
          ...["/shop/api/products/*", "/shop/api/categories/*"].map((pathPattern) => ({
            ...behaviour,
            pathPattern,
            cachePolicyId: cacheable.id,
          })),
        ],
        customErrorResponses: keptErrors.map((errorCode) => ({ errorCode, errorCachingMinTtl: 0 })),
        restrictions: { geoRestriction: { restrictionType: "none" } },
        viewerCertificate: {
          acmCertificateArn: certificateArn,
          sslSupportMethod: "sni-only",
          minimumProtocolVersion: "TLSv1.2_2021",
        },
        waitForDeployment: true,
      },
      // Both origins open before it, and close after it.
      { parent: this, dependsOn: [stored, ...balancer.openings] },
    );
    this.registerOutputs();
  }
}
