import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { closedGroup } from "./data-gate.ts";
import type { Network } from "./network.ts";
import type { LogBucket } from "./log-bucket.ts";

export interface LoadBalancerArgs {
  readonly network: Network;
  readonly logs: LogBucket;
  readonly certificateArn: pulumi.Input<string>;
  readonly httpPort: number;
  readonly internalPort: number;
  /**
   * What the CDN says to be let in; without a CDN everybody is. CloudFront's addresses are everybody's who has a
   * distribution, so that an address alone proves nothing. Secret.
   */
  readonly originKey: pulumi.Input<string> | undefined;
}

/** Header in which the CDN says its key. */
export const originKeyHeader = "X-Origin-Key";

/**
 * Of AWS' 32 for the names of both, Pulumi's dash and random part take eight
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html).
 */
const nameLength = 24;

/** Time that a leaving task has for the requests that it is at work on; the service drains in less. */
const drainSeconds = 30;

/** The load balancer: HTTPS only, each request to the task with the fewest at work. */
export class LoadBalancer extends pulumi.ComponentResource {
  readonly balancer: aws.lb.LoadBalancer;
  readonly targets: aws.lb.TargetGroup;
  readonly listener: aws.lb.Listener;
  readonly group: aws.ec2.SecurityGroup;

  constructor(name: string, args: LoadBalancerArgs, options: pulumi.ComponentResourceOptions) {
    super("shopctl:aws:LoadBalancer", name, {}, options);
    const inside = { parent: this };
    const { network, logs, certificateArn, httpPort, internalPort, originKey } = args;
    const behindCdn = originKey !== undefined;
    this.group = closedGroup(name, { vpcId: network.vpc.id, description: "the load balancer" }, inside);
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-https`,
      {
        securityGroupId: this.group.id,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        ...(behindCdn
          ? {
              prefixListId: aws.ec2.getManagedPrefixListOutput(
                { name: "com.amazonaws.global.cloudfront.origin-facing" },
                { parent: this },
              ).id,
            }
          : { cidrIpv4: "0.0.0.0/0" }),
      },
      inside,
    );
    this.balancer = new aws.lb.LoadBalancer(
      name.slice(0, nameLength),
      {
        loadBalancerType: "application",
        subnets: [...network.publicSubnetIds],
        securityGroups: [this.group.id],
        dropInvalidHeaderFields: true,
        // The shopper's address is the last one of X-Forwarded-For: the CDN's word behind a CDN, else the balancer's own.
        xffHeaderProcessingMode: behindCdn ? "preserve" : "append",
        enableDeletionProtection: true,
        accessLogs: { bucket: logs.name, prefix: "balancer", enabled: true },
        // Longer than browsers and CloudFront keep a connection without a request, shorter than the service does.
        idleTimeout: 60,
      },
      { parent: this, dependsOn: [logs] },
    );
    this.targets = new aws.lb.TargetGroup(
      name.slice(0, nameLength),
      {
        vpcId: network.vpc.id,
        targetType: "ip",
        port: httpPort,
        protocol: "HTTP",
        deregistrationDelay: drainSeconds,
        loadBalancingAlgorithmType: "least_outstanding_requests",
        healthCheck: {
          path: "/readyz",
          port: String(internalPort),
          matcher: "200",
          interval: 5,
          timeout: 2,
          healthyThreshold: 2,
          unhealthyThreshold: 2,
        },
      },
      inside,
    );
    const forward = { type: "forward", targetGroupArn: this.targets.arn };
    this.listener = new aws.lb.Listener(
      name,
      {
        loadBalancerArn: this.balancer.arn,
        port: 443,
        protocol: "HTTPS",
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
        certificateArn,
        defaultActions: behindCdn
          ? [{ type: "fixed-response", fixedResponse: { statusCode: "403", contentType: "text/plain" } }]
          : [forward],
      },
      inside,
    );
    if (originKey !== undefined)
      new aws.lb.ListenerRule(
        name,
        {
          listenerArn: this.listener.arn,
          priority: 1,
          conditions: [{ httpHeader: { httpHeaderName: originKeyHeader, values: [pulumi.secret(originKey)] } }],
          actions: [forward],
        },
        inside,
      );
    this.registerOutputs();
  }
}
