import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Topology } from "../../topology/topology.ts";
import type { AwsCredentials, AwsSettings } from "../settings.ts";
import { taskPorts } from "../shop-variables.ts";
import { Certificate } from "./certificate.ts";
import { Edge } from "./edge.ts";
import { Firewall } from "./firewall.ts";
import { LoadBalancer } from "./load-balancer.ts";
import { LogBucket } from "./log-bucket.ts";
import type { Network } from "./network.ts";
import type { StaticFile } from "./static-files.ts";

export interface EntranceArgs {
  readonly settings: AwsSettings;
  readonly topology: Topology;
  readonly network: Network;
  readonly credentials: pulumi.Output<AwsCredentials>;
  readonly cdn: boolean;
  readonly files: readonly StaticFile[];
}

/** Where shoppers come in: the domain's name, its certificate, the firewall, the load balancer, and the CDN once there is one. */
export class Entrance extends pulumi.ComponentResource {
  readonly balancer: LoadBalancer;
  /** Id of CloudFront's distribution. */
  readonly distribution: pulumi.Output<string> | undefined;

  constructor(name: string, args: EntranceArgs, options: pulumi.ComponentResourceOptions) {
    super("shopctl:aws:Entrance", name, {}, options);
    const inside = { parent: this };
    const { settings, topology, network, credentials, cdn, files } = args;
    const { domain, hostedZoneId, region } = settings;
    // The balancer has a name of its own, which stays when shoppers come by the CDN.
    const originDomain = `origin.${domain}`;
    const balancerDomain = cdn ? originDomain : domain;
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
    const alias = (of: string, target: aws.types.input.route53.RecordAlias): aws.route53.Record =>
      new aws.route53.Record(
        `${name}-${of}`,
        { zoneId: hostedZoneId, name: of, type: "A", aliases: [target], allowOverwrite: true },
        inside,
      );
    const { dnsName, zoneId } = this.balancer.balancer;
    alias(balancerDomain, { name: dnsName, zoneId, evaluateTargetHealth: true });
    const scope = cdn ? ({ kind: "CLOUDFRONT" } as const) : ({ kind: "REGIONAL", region } as const);
    const firewall = new Firewall(`${name}-firewall`, { limits: topology.limits, scope }, inside);
    let distributionId: pulumi.Output<string> | undefined;
    if (cdn) {
      const { distribution } = new Edge(
        `${name}-edge`,
        {
          domain,
          originDomain,
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
      distributionId = distribution.id;
      alias(domain, {
        name: distribution.domainName,
        zoneId: distribution.hostedZoneId,
        evaluateTargetHealth: false,
      });
    } else {
      new aws.wafv2.WebAclAssociation(
        name,
        { resourceArn: this.balancer.balancer.arn, webAclArn: firewall.arn },
        inside,
      );
    }
    this.distribution = distributionId;
    this.registerOutputs();
  }
}
