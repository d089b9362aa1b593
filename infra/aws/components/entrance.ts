import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Topology } from "../../topology/topology.ts";
import type { AwsCredentials, AwsSettings } from "../settings.ts";
import { taskPorts } from "../shop-variables.ts";
import { Certificate } from "./certificate.ts";
import { Edge } from "./edge.ts";
import { Firewall } from "./firewall.ts";
import { connectionSeconds, LoadBalancer } from "./load-balancer.ts";
import { LogBucket } from "./log-bucket.ts";
import type { Network } from "./network.ts";
import { Settling } from "./settling.ts";
import type { StaticFile } from "./static-files.ts";

export interface EntranceArgs {
  readonly settings: AwsSettings;
  readonly topology: Topology;
  readonly network: Network;
  readonly credentials: pulumi.Output<AwsCredentials>;
  readonly cdn: boolean;
  readonly files: readonly StaticFile[];
}

/** How long resolvers keep an alias: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html */
const aliasTtlSeconds = 60;

/**
 * Where shoppers come in: the domain's name, its certificate, the firewall, the load balancer, and the CDN once there is
 * one. The way to another entrance is the same in both directions: it opens, the name moves, what is kept of the former one
 * ends, that closes.
 */
export class Entrance extends pulumi.ComponentResource {
  readonly balancer: LoadBalancer;
  /** Id of CloudFront's distribution. */
  readonly distribution: pulumi.Output<string> | undefined = undefined;

  constructor(name: string, args: EntranceArgs, options: pulumi.ComponentResourceOptions) {
    super("shopctl:aws:Entrance", name, {}, options);
    const inside = { parent: this };
    const { settings, topology, network, credentials, cdn, files } = args;
    const { domain, hostedZoneId, region } = settings;
    // The balancer has a name of its own, by which the CDN finds it.
    const originDomain = `origin.${domain}`;
    // One for both names from the beginning, so that the listener never changes its certificate under the shoppers.
    const certificate = new Certificate(
      `${name}-balancer`,
      { domains: [domain, originDomain], hostedZoneId, region },
      inside,
    );
    const originKey = credentials.apply((secrets) => secrets.originKey);
    this.balancer = new LoadBalancer(
      name,
      {
        network,
        logs: new LogBucket(`${name}-logs`, inside),
        certificateArn: certificate.arn,
        httpPort: taskPorts.http,
        internalPort: taskPorts.internal,
        originKey: cdn ? originKey : undefined,
      },
      inside,
    );
    const alias = (
      of: string,
      target: aws.types.input.route53.RecordAlias,
      dependsOn: readonly pulumi.Resource[] = [],
    ): aws.route53.Record =>
      new aws.route53.Record(
        `${name}-${of}`,
        { zoneId: hostedZoneId, name: of, type: "A", aliases: [target], allowOverwrite: true },
        { parent: this, dependsOn: [...dependsOn] },
      );
    const { arn: balancerArn, dnsName, zoneId } = this.balancer.balancer;
    const ofBalancer = { name: dnsName, zoneId, evaluateTargetHealth: true };
    const origin = alias(originDomain, ofBalancer);
    const { limits } = topology;
    let shoppers: aws.route53.Record;
    if (cdn) {
      const firewall = new Firewall(`${name}-edge-firewall`, { limits, scope: { kind: "CLOUDFRONT" } }, inside);
      const { distribution } = new Edge(
        `${name}-edge`,
        {
          domain,
          originDomain: origin.name,
          certificateArn: new Certificate(
            `${name}-edge`,
            { domains: [domain], hostedZoneId, region: "us-east-1", provenBy: certificate },
            inside,
          ).arn,
          firewallArn: firewall.arn,
          balancer: this.balancer,
          originKey,
          files,
        },
        inside,
      );
      this.distribution = distribution.id;
      const { domainName, hostedZoneId: cdnZoneId } = distribution;
      shoppers = alias(domain, { name: domainName, zoneId: cdnZoneId, evaluateTargetHealth: false });
    } else {
      const scope = { kind: "REGIONAL", region, originKey } as const;
      const firewall = new Firewall(`${name}-firewall`, { limits, scope }, inside);
      const guarded = new aws.wafv2.WebAclAssociation(
        name,
        { resourceArn: balancerArn, webAclArn: firewall.arn },
        inside,
      );
      shoppers = alias(domain, ofBalancer, [...this.balancer.openings, guarded]);
    }
    // Deletions come after it: until then, who still has the former address is served there.
    new Settling(
      name,
      { entrance: cdn ? "cdn" : "balancer", seconds: aliasTtlSeconds + connectionSeconds },
      { parent: this, dependsOn: [shoppers] },
    );
    this.registerOutputs();
  }
}
