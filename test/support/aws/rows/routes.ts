import {
  AssociateRouteTableCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateVpcEndpointCommand,
  DeleteRouteCommand,
  DeleteRouteTableCommand,
  DeleteVpcEndpointsCommand,
  DescribeRouteTablesCommand,
  DescribeVpcEndpointsCommand,
  DisassociateRouteTableCommand,
  EC2Client,
  ModifyVpcEndpointCommand,
  type ResourceType,
  type TagSpecification,
} from "@aws-sdk/client-ec2";
import type * as aws from "@pulumi/aws";
import { tagList, type Aws } from "../aws-access.ts";
import { row, type ResourceTable } from "../resource-row.ts";

const client = (of: Aws): EC2Client => of.client(EC2Client);
const tagged = (type: ResourceType, { tags }: Aws): TagSpecification[] => [{ ResourceType: type, Tags: tagList(tags) }];

/** Ways out of the subnets. */
export const routes: ResourceTable = {
  "aws:ec2/routeTable:RouteTable": row<aws.ec2.RouteTableArgs>({
    replaceOn: "all",
    async create(of, { vpcId }) {
      const { RouteTable } = await client(of).send(
        new CreateRouteTableCommand({ VpcId: vpcId, TagSpecifications: tagged("route-table", of) }),
      );
      return RouteTable?.RouteTableId ?? "";
    },
    async read(of, id) {
      const { RouteTables: [found] = [] } = await client(of).send(
        new DescribeRouteTablesCommand({ RouteTableIds: [id] }),
      );
      return { vpcId: found?.VpcId };
    },
    async delete(of, RouteTableId) {
      await client(of).send(new DeleteRouteTableCommand({ RouteTableId }));
    },
  }),
  "aws:ec2/route:Route": row<aws.ec2.RouteArgs>({
    replaceOn: "all",
    async create(of, { routeTableId, destinationCidrBlock, gatewayId, natGatewayId }) {
      await client(of).send(
        new CreateRouteCommand({
          RouteTableId: routeTableId,
          DestinationCidrBlock: destinationCidrBlock,
          GatewayId: gatewayId,
          NatGatewayId: natGatewayId,
        }),
      );
      return `r-${routeTableId}${destinationCidrBlock}`;
    },
    async read(of, _id, { routeTableId, destinationCidrBlock }) {
      const { RouteTables: [found] = [] } = await client(of).send(
        new DescribeRouteTablesCommand({ RouteTableIds: [routeTableId] }),
      );
      const route = found?.Routes?.find((each) => each.DestinationCidrBlock === destinationCidrBlock);
      return route && { gatewayId: route.GatewayId, natGatewayId: route.NatGatewayId };
    },
    async delete(of, _id, { routeTableId, destinationCidrBlock }) {
      await client(of).send(
        new DeleteRouteCommand({ RouteTableId: routeTableId, DestinationCidrBlock: destinationCidrBlock }),
      );
    },
  }),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": row<aws.ec2.RouteTableAssociationArgs>({
    replaceOn: "all",
    async create(of, { routeTableId, subnetId }) {
      const made = await client(of).send(
        new AssociateRouteTableCommand({ RouteTableId: routeTableId, SubnetId: subnetId }),
      );
      return made.AssociationId ?? "";
    },
    async read(of, id, { routeTableId }) {
      const { RouteTables: [found] = [] } = await client(of).send(
        new DescribeRouteTablesCommand({ RouteTableIds: [routeTableId] }),
      );
      const association = found?.Associations?.find((each) => each.RouteTableAssociationId === id);
      return association && { subnetId: association.SubnetId };
    },
    async delete(of, AssociationId) {
      await client(of).send(new DisassociateRouteTableCommand({ AssociationId }));
    },
  }),
  "aws:ec2/vpcEndpoint:VpcEndpoint": row<aws.ec2.VpcEndpointArgs>({
    replaceOn: ["vpcId", "serviceName", "vpcEndpointType"],
    async create(of, { vpcId, serviceName, routeTableIds = [] }) {
      const { VpcEndpoint } = await client(of).send(
        new CreateVpcEndpointCommand({
          VpcId: vpcId,
          ServiceName: serviceName,
          VpcEndpointType: "Gateway",
          RouteTableIds: [...routeTableIds],
          TagSpecifications: tagged("vpc-endpoint", of),
        }),
      );
      return VpcEndpoint?.VpcEndpointId ?? "";
    },
    async read(of, id) {
      const { VpcEndpoints: [found] = [] } = await client(of).send(
        new DescribeVpcEndpointsCommand({ VpcEndpointIds: [id] }),
      );
      return found === undefined || String(found.State) === "deleted"
        ? undefined
        : { serviceName: found.ServiceName, vpcId: found.VpcId };
    },
    async update(of, VpcEndpointId, { routeTableIds = [] }) {
      await client(of).send(new ModifyVpcEndpointCommand({ VpcEndpointId, AddRouteTableIds: [...routeTableIds] }));
    },
    async delete(of, id) {
      await client(of).send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }));
    },
  }),
};
