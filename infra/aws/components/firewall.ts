import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { originKeyHeader } from "../../../service/contract/cdn.ts";
import { figures } from "../../../service/contract/figures.ts";
import type { Topology } from "../../topology/topology.ts";

export interface FirewallArgs {
  readonly limits: Topology["limits"];
  /** CloudFront's firewalls stand in us-east-1; the load balancer's counts nobody whom CloudFront's has counted. */
  readonly scope:
    | { readonly kind: "CLOUDFRONT" }
    | { readonly kind: "REGIONAL"; readonly region: string; readonly originKey: pulumi.Input<string> };
}

/** The shop's own limits refuse first; the firewall stops what is far over them before it costs a task's CPU. */
const timesTheLimit = 5;
const windowSeconds = 60;

/** A web firewall: AWS' list of known bad requests, and a rate per address. */
export class Firewall extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, { limits, scope }: FirewallArgs, options: pulumi.ComponentResourceOptions) {
    super("shopctl:aws:Firewall", name, {}, options);
    const seen = (metricName: string): aws.types.input.wafv2.WebAclVisibilityConfig => ({
      cloudwatchMetricsEnabled: true,
      sampledRequestsEnabled: false,
      metricName,
    });
    const acl = new aws.wafv2.WebAcl(
      name,
      {
        scope: scope.kind,
        region: scope.kind === "CLOUDFRONT" ? "us-east-1" : scope.region,
        defaultAction: { allow: {} },
        visibilityConfig: seen(name),
        rules: [
          {
            name: "known-bad-inputs",
            priority: 1,
            overrideAction: { none: {} },
            statement: {
              managedRuleGroupStatement: { vendorName: "AWS", name: "AWSManagedRulesKnownBadInputsRuleSet" },
            },
            visibilityConfig: seen("known-bad-inputs"),
          },
          {
            name: "rate-per-address",
            priority: 2,
            action: { block: {} },
            statement: {
              rateBasedStatement: {
                aggregateKeyType: "IP",
                evaluationWindowSec: windowSeconds,
                limit: requestsPerMinute(limits) * timesTheLimit,
                ...(scope.kind === "REGIONAL" ? { scopeDownStatement: withoutKey(scope.originKey) } : {}),
              },
            },
            visibilityConfig: seen("rate-per-address"),
          },
        ],
      },
      { parent: this },
    );
    this.arn = acl.arn;
    this.registerOutputs();
  }
}

/** The most that the shop's rules allow one address in a minute, all of them together. */
function requestsPerMinute(limits: Topology["limits"]): number {
  const which = limits === "base" ? "before" : "after";
  return figures.rateLimits
    .filter(({ windowSeconds: window }) => window === windowSeconds)
    .reduce((sum, rule) => sum + rule[which], 0);
}

/** Requests that do not come by the CDN: those that do have the addresses of its few servers, on the way there and back. */
function withoutKey(
  originKey: pulumi.Input<string>,
): aws.types.input.wafv2.WebAclRuleStatementRateBasedStatementScopeDownStatement {
  const says = {
    fieldToMatch: { singleHeader: { name: originKeyHeader } },
    positionalConstraint: "EXACTLY",
    searchString: pulumi.secret(originKey),
    textTransformations: [{ priority: 0, type: "NONE" }],
  };
  return { notStatement: { statement: { byteMatchStatement: says } } };
}
