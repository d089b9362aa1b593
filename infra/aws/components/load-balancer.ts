import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { originKeyHeader } from "../../../service/contract/cdn.ts";
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

/**
 * Of AWS' 32 for the names of both, Pulumi's dash and random part take eight
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html).
 */
const nameLength = 24;

/** Time that a leaving task has for the requests that it is at work on; the service drains in less. */
const drainSeconds = 30;

/**
 * Longest time that a client keeps one connection: one that is at work all the time would never ask for the shop's address
 * again. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#http-client-keep-alive-duration
 */
export const connectionSeconds = 120;

/** Who comes in, and how the listener knows them. */
interface Opening {
  readonly from: Pick<aws.vpc.SecurityGroupIngressRuleArgs, "cidrIpv4" | "prefixListId">;
  readonly priority: number;
  readonly condition: aws.types.input.lb.ListenerRuleCondition;
}

/** The load balancer: HTTPS only, each request to the task with the fewest at work. */
export class LoadBalancer extends pulumi.ComponentResource {
  readonly balancer: aws.lb.LoadBalancer;
  readonly targets: aws.lb.TargetGroup;
  readonly group: aws.ec2.SecurityGroup;
  /**
   * What lets requests in: from everybody, or from the CDN. An opening is a resource, so that both are there while the
   * shoppers go from one to the other, and the one that they left closes last: an engine deletes when all else is done.
   */
  readonly openings: readonly pulumi.Resource[];

  constructor(name: string, args: LoadBalancerArgs, options: pulumi.ComponentResourceOptions) {
    super("shopctl:aws:LoadBalancer", name, {}, options);
    const inside = { parent: this };
    const { network, logs, certificateArn, httpPort, internalPort, originKey } = args;
    this.group = closedGroup(name, { vpcId: network.vpc.id, description: "the load balancer" }, inside);
    this.balancer = new aws.lb.LoadBalancer(
      name.slice(0, nameLength),
      {
        loadBalancerType: "application",
        subnets: [...network.publicSubnetIds],
        securityGroups: [this.group.id],
        dropInvalidHeaderFields: true,
        // Of a request by the CDN that makes it `shopper, CDN`: the service knows those by their key.
        xffHeaderProcessingMode: "append",
        enableDeletionProtection: true,
        accessLogs: { bucket: logs.name, prefix: "balancer", enabled: true },
        // Longer than CloudFront keeps a connection without a request, shorter than the service does: whoever sends closes.
        idleTimeout: 65,
        clientKeepAlive: connectionSeconds,
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
        // ECS replaces a task that is unhealthy here, and while the database is away no other would get ready: so it is only
        // after longer than a failover takes, 60 to 120 s (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.Failover.html).
        // What hangs is found sooner by the container's own check, and what leaves is taken out by ECS.
        healthCheck: {
          path: "/readyz",
          port: String(internalPort),
          matcher: "200",
          interval: 15,
          timeout: 2,
          healthyThreshold: 2,
          unhealthyThreshold: 10,
        },
      },
      inside,
    );
    const listener = new aws.lb.Listener(
      name,
      {
        loadBalancerArn: this.balancer.arn,
        port: 443,
        protocol: "HTTPS",
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
        certificateArn,
        defaultActions: [{ type: "fixed-response", fixedResponse: { statusCode: "403", contentType: "text/plain" } }],
      },
      inside,
    );
    this.openings =
      originKey === undefined ? this.#openToEverybody(name, listener) : this.#openToCdn(name, listener, originKey);
    this.registerOutputs();
  }
  #openToEverybody(name: string, listener: aws.lb.Listener): readonly pulumi.Resource[] {
    return this.#open(`${name}-everybody`, listener, {
      from: { cidrIpv4: "0.0.0.0/0" },
      priority: 2,
      condition: { pathPattern: { values: ["/*"] } },
    });
  }

  #openToCdn(name: string, listener: aws.lb.Listener, key: pulumi.Input<string>): readonly pulumi.Resource[] {
    const prefixes = { name: "com.amazonaws.global.cloudfront.origin-facing" };
    return this.#open(`${name}-cdn`, listener, {
      from: { prefixListId: aws.ec2.getManagedPrefixListOutput(prefixes, { parent: this }).id },
      priority: 1,
      condition: { httpHeader: { httpHeaderName: originKeyHeader, values: [pulumi.secret(key)] } },
    });
  }

  #open(name: string, { arn }: aws.lb.Listener, { from, priority, condition }: Opening): readonly pulumi.Resource[] {
    const inside = { parent: this };
    return [
      new aws.vpc.SecurityGroupIngressRule(
        name,
        { securityGroupId: this.group.id, ipProtocol: "tcp", fromPort: 443, toPort: 443, ...from },
        inside,
      ),
      new aws.lb.ListenerRule(
        name,
        {
          listenerArn: arn,
          priority,
          conditions: [condition],
          actions: [{ type: "forward", targetGroupArn: this.targets.arn }],
        },
        inside,
      ),
    ];
  }
}
