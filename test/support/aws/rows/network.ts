import {
  AllocateAddressCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateNatGatewayCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteInternetGatewayCommand,
  DeleteNatGatewayCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeAddressesCommand,
  DescribeInternetGatewaysCommand,
  DescribeNatGatewaysCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  DetachInternetGatewayCommand,
  EC2Client,
  ModifySubnetAttributeCommand,
  ModifyVpcAttributeCommand,
  ReleaseAddressCommand,
  type ResourceType,
  type TagSpecification,
} from "@aws-sdk/client-ec2";
import type * as aws from "@pulumi/aws";
import { tagList, type Aws } from "../aws-access.ts";
import { row, type ResourceTable } from "../resource-row.ts";

const client = (of: Aws): EC2Client => of.client(EC2Client);
const tagged = (type: ResourceType, { tags }: Aws): TagSpecification[] => [{ ResourceType: type, Tags: tagList(tags) }];

async function attribute(
  of: Aws,
  VpcId: string,
  Attribute: "enableDnsHostnames" | "enableDnsSupport",
): Promise<unknown> {
  const found = await client(of).send(new DescribeVpcAttributeCommand({ VpcId, Attribute }));
  return Attribute === "enableDnsHostnames" ? found.EnableDnsHostnames?.Value : found.EnableDnsSupport?.Value;
}

/** The network: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/ */
export const network: ResourceTable = {
  "aws:ec2/vpc:Vpc": row<aws.ec2.VpcArgs>({
    replaceOn: ["cidrBlock"],
    async create(of, { cidrBlock, enableDnsHostnames, enableDnsSupport }) {
      const { Vpc } = await client(of).send(
        new CreateVpcCommand({ CidrBlock: cidrBlock, TagSpecifications: tagged("vpc", of) }),
      );
      const VpcId = Vpc?.VpcId ?? "";
      await client(of).send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsSupport: { Value: enableDnsSupport } }));
      await client(of).send(
        new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: { Value: enableDnsHostnames } }),
      );
      return VpcId;
    },
    async read(of, id) {
      const { Vpcs: [vpc] = [] } = await client(of).send(new DescribeVpcsCommand({ VpcIds: [id] }));
      return {
        cidrBlock: vpc?.CidrBlock,
        enableDnsHostnames: await attribute(of, id, "enableDnsHostnames"),
        enableDnsSupport: await attribute(of, id, "enableDnsSupport"),
      };
    },
    async update(of, VpcId, { enableDnsHostnames, enableDnsSupport }) {
      await client(of).send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsSupport: { Value: enableDnsSupport } }));
      await client(of).send(
        new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: { Value: enableDnsHostnames } }),
      );
    },
    async delete(of, VpcId) {
      await client(of).send(new DeleteVpcCommand({ VpcId }));
    },
  }),
  "aws:ec2/subnet:Subnet": row<aws.ec2.SubnetArgs>({
    replaceOn: ["vpcId", "cidrBlock", "availabilityZone"],
    async create(of, { vpcId, cidrBlock, availabilityZone, mapPublicIpOnLaunch }) {
      const { Subnet } = await client(of).send(
        new CreateSubnetCommand({
          VpcId: vpcId,
          CidrBlock: cidrBlock,
          AvailabilityZone: availabilityZone,
          TagSpecifications: tagged("subnet", of),
        }),
      );
      const SubnetId = Subnet?.SubnetId ?? "";
      await client(of).send(
        new ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value: mapPublicIpOnLaunch } }),
      );
      return SubnetId;
    },
    async read(of, id) {
      const { Subnets: [subnet] = [] } = await client(of).send(new DescribeSubnetsCommand({ SubnetIds: [id] }));
      return {
        cidrBlock: subnet?.CidrBlock,
        availabilityZone: subnet?.AvailabilityZone,
        mapPublicIpOnLaunch: subnet?.MapPublicIpOnLaunch,
      };
    },
    async update(of, SubnetId, { mapPublicIpOnLaunch }) {
      await client(of).send(
        new ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value: mapPublicIpOnLaunch } }),
      );
    },
    async delete(of, SubnetId) {
      await client(of).send(new DeleteSubnetCommand({ SubnetId }));
    },
  }),
  "aws:ec2/internetGateway:InternetGateway": row<aws.ec2.InternetGatewayArgs>({
    replaceOn: "all",
    async create(of, { vpcId }) {
      const { InternetGateway } = await client(of).send(
        new CreateInternetGatewayCommand({ TagSpecifications: tagged("internet-gateway", of) }),
      );
      const InternetGatewayId = InternetGateway?.InternetGatewayId ?? "";
      await client(of).send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId: vpcId }));
      return InternetGatewayId;
    },
    async read(of, id) {
      const { InternetGateways: [gateway] = [] } = await client(of).send(
        new DescribeInternetGatewaysCommand({ InternetGatewayIds: [id] }),
      );
      return { vpcId: gateway?.Attachments?.[0]?.VpcId };
    },
    async delete(of, InternetGatewayId, { vpcId }) {
      await client(of).send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId: vpcId }));
      await client(of).send(new DeleteInternetGatewayCommand({ InternetGatewayId }));
    },
  }),
  "aws:ec2/eip:Eip": row<aws.ec2.EipArgs>({
    replaceOn: "all",
    async create(of) {
      const made = await client(of).send(
        new AllocateAddressCommand({ Domain: "vpc", TagSpecifications: tagged("elastic-ip", of) }),
      );
      return made.AllocationId ?? "";
    },
    async read(of, id) {
      const { Addresses: [address] = [] } = await client(of).send(
        new DescribeAddressesCommand({ AllocationIds: [id] }),
      );
      return { publicIp: address?.PublicIp, allocationId: id };
    },
    async delete(of, AllocationId) {
      await client(of).send(new ReleaseAddressCommand({ AllocationId }));
    },
  }),
  "aws:ec2/natGateway:NatGateway": row<aws.ec2.NatGatewayArgs>({
    replaceOn: "all",
    async create(of, { subnetId, allocationId }) {
      const { NatGateway } = await client(of).send(
        new CreateNatGatewayCommand({
          SubnetId: subnetId,
          AllocationId: allocationId,
          TagSpecifications: tagged("natgateway", of),
        }),
      );
      return NatGateway?.NatGatewayId ?? "";
    },
    async read(of, id) {
      const { NatGateways: [gateway] = [] } = await client(of).send(
        new DescribeNatGatewaysCommand({ NatGatewayIds: [id] }),
      );
      return gateway === undefined || gateway.State === "deleted" ? undefined : { subnetId: gateway.SubnetId };
    },
    async delete(of, NatGatewayId) {
      await client(of).send(new DeleteNatGatewayCommand({ NatGatewayId }));
    },
  }),
};
