import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface NetworkArgs {
  readonly region: string;
  readonly zones: readonly string[];
}

const cidrBlock = "10.20.0.0/16";

/**
 * A network over two or three zones: public subnets for the load balancer and the way out, private ones for tasks, and
 * ones without any way out for data.
 *
 * One NAT gateway rather than interface endpoints: tasks call SendGrid and Sentry, which have none, and at list prices of
 * us-east-1 a NAT gateway is 32.85 USD a month (0.045 an hour) where the five endpoints that would replace it for AWS'
 * own services (ECR twice, logs, Secrets Manager, Prometheus) are 73.00 in two zones (0.01 an hour each). S3, where
 * images' layers come from, has a gateway endpoint, which is free and spares the NAT their gigabytes. A zone's outage can
 * take the NAT with it; what then stops is mail and the pulling of images, not the shop.
 * https://aws.amazon.com/vpc/pricing/ · https://aws.amazon.com/privatelink/pricing/
 */
export class Network extends pulumi.ComponentResource {
  readonly vpc: aws.ec2.Vpc;
  readonly publicSubnetIds: readonly pulumi.Output<string>[];
  readonly taskSubnetIds: readonly pulumi.Output<string>[];
  readonly dataSubnetIds: readonly pulumi.Output<string>[];

  constructor(name: string, { region, zones }: NetworkArgs, options: pulumi.ComponentResourceOptions) {
    super("shopctl:aws:Network", name, {}, options);
    const inside = { parent: this };
    this.vpc = new aws.ec2.Vpc(name, { cidrBlock, enableDnsHostnames: true, enableDnsSupport: true }, inside);
    const vpcId = this.vpc.id;
    // The default group lets its members talk to each other; nobody is a member, and nobody could talk.
    new aws.ec2.DefaultSecurityGroup(`${name}-default`, { vpcId, ingress: [], egress: [] }, inside);
    const internet = new aws.ec2.InternetGateway(name, { vpcId }, inside);
    const subnets = (kind: string, block: number): readonly aws.ec2.Subnet[] =>
      zones.map(
        (availabilityZone, at) =>
          new aws.ec2.Subnet(
            `${name}-${kind}-${at + 1}`,
            { vpcId, availabilityZone, cidrBlock: `10.20.${block + at * 16}.0/20`, mapPublicIpOnLaunch: false },
            inside,
          ),
      );
    const open = subnets("public", 0);
    const tasks = subnets("task", 64);
    const data = subnets("data", 128);
    const [firstPublic] = open;
    if (firstPublic === undefined) throw new pulumi.RunError("a network needs a zone");
    const address = new aws.ec2.Eip(`${name}-nat`, { domain: "vpc" }, inside);
    const nat = new aws.ec2.NatGateway(
      name,
      { subnetId: firstPublic.id, allocationId: address.id },
      { parent: this, dependsOn: [internet] },
    );
    const out = this.#routes(`${name}-public`, open, { gatewayId: internet.id });
    const through = this.#routes(`${name}-task`, tasks, { natGatewayId: nat.id });
    const closed = this.#routes(`${name}-data`, data, undefined);
    new aws.ec2.VpcEndpoint(
      `${name}-s3`,
      {
        vpcId,
        serviceName: `com.amazonaws.${region}.s3`,
        vpcEndpointType: "Gateway",
        routeTableIds: [out.id, through.id, closed.id],
      },
      inside,
    );
    this.publicSubnetIds = open.map(({ id }) => id);
    this.taskSubnetIds = tasks.map(({ id }) => id);
    this.dataSubnetIds = data.map(({ id }) => id);
    this.registerOutputs();
  }

  #routes(
    name: string,
    subnets: readonly aws.ec2.Subnet[],
    wayOut: { gatewayId: pulumi.Output<string> } | { natGatewayId: pulumi.Output<string> } | undefined,
  ): aws.ec2.RouteTable {
    const inside = { parent: this };
    const table = new aws.ec2.RouteTable(name, { vpcId: this.vpc.id }, inside);
    if (wayOut !== undefined)
      new aws.ec2.Route(name, { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", ...wayOut }, inside);
    for (const [at, { id }] of subnets.entries())
      new aws.ec2.RouteTableAssociation(`${name}-${at + 1}`, { routeTableId: table.id, subnetId: id }, inside);
    return table;
  }
}
