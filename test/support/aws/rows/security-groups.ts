import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type IpPermission,
} from "@aws-sdk/client-ec2";
import type * as aws from "@pulumi/aws";
import { tagList, type Aws } from "../aws-access.ts";
import { row, type ResourceRow, type ResourceTable } from "../resource-row.ts";

const client = (of: Aws): EC2Client => of.client(EC2Client);

/** Takes away every rule of a group: those that AWS puts into a new one, or those of a default group. */
async function empty(of: Aws, GroupId: string): Promise<void> {
  const { SecurityGroups: [group] = [] } = await client(of).send(
    new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }),
  );
  const { IpPermissions: ingress = [], IpPermissionsEgress: egress = [] } = group ?? {};
  if (ingress.length > 0)
    await client(of).send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: ingress }));
  if (egress.length > 0)
    await client(of).send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: egress }));
}

interface RuleArguments extends aws.vpc.SecurityGroupIngressRuleArgs {
  readonly securityGroupId: string;
}

/** A rule of one direction; the two types differ in nothing else. */
function rule(direction: "in" | "out"): ResourceRow {
  return row<RuleArguments>({
    replaceOn: "all",
    async create(
      of,
      { securityGroupId, ipProtocol, fromPort, toPort, cidrIpv4, prefixListId, referencedSecurityGroupId },
    ) {
      const permission: IpPermission = {
        IpProtocol: ipProtocol,
        FromPort: fromPort,
        ToPort: toPort,
        ...(cidrIpv4 === undefined ? {} : { IpRanges: [{ CidrIp: cidrIpv4 }] }),
        ...(prefixListId === undefined ? {} : { PrefixListIds: [{ PrefixListId: prefixListId }] }),
        ...(referencedSecurityGroupId === undefined
          ? {}
          : { UserIdGroupPairs: [{ GroupId: referencedSecurityGroupId }] }),
      };
      const input = { GroupId: securityGroupId, IpPermissions: [permission] };
      const { SecurityGroupRules: [made] = [] } =
        direction === "in"
          ? await client(of).send(new AuthorizeSecurityGroupIngressCommand(input))
          : await client(of).send(new AuthorizeSecurityGroupEgressCommand(input));
      return made?.SecurityGroupRuleId ?? "";
    },
    async read(of, id) {
      const { SecurityGroupRules: [found] = [] } = await client(of).send(
        new DescribeSecurityGroupRulesCommand({ SecurityGroupRuleIds: [id] }),
      );
      return (
        found && {
          securityGroupRuleId: id,
          fromPort: found.FromPort,
          toPort: found.ToPort,
          cidrIpv4: found.CidrIpv4,
          referencedSecurityGroupId: found.ReferencedGroupInfo?.GroupId,
        }
      );
    },
    async delete(of, id, { securityGroupId }) {
      const input = { GroupId: securityGroupId, SecurityGroupRuleIds: [id] };
      if (direction === "in") await client(of).send(new RevokeSecurityGroupIngressCommand(input));
      else await client(of).send(new RevokeSecurityGroupEgressCommand(input));
    },
  });
}

/** Who may talk to whom. */
export const securityGroups: ResourceTable = {
  "aws:ec2/securityGroup:SecurityGroup": row<aws.ec2.SecurityGroupArgs>({
    replaceOn: ["name", "description", "vpcId"],
    named: {
      by: "name",
      maxLength: 255,
      page: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html",
    },
    async create(of, { name, description, vpcId }) {
      const { GroupId = "" } = await client(of).send(
        new CreateSecurityGroupCommand({
          GroupName: name,
          Description: description,
          VpcId: vpcId,
          TagSpecifications: [{ ResourceType: "security-group", Tags: tagList(of.tags) }],
        }),
      );
      await empty(of, GroupId);
      return GroupId;
    },
    async read(of, id) {
      const { SecurityGroups: [found] = [] } = await client(of).send(
        new DescribeSecurityGroupsCommand({ GroupIds: [id] }),
      );
      return found && { name: found.GroupName, description: found.Description, vpcId: found.VpcId };
    },
    // Only how it is deleted can change without another group.
    async update() {},
    async delete(of, GroupId, { revokeRulesOnDelete }) {
      if (revokeRulesOnDelete === true) await empty(of, GroupId);
      await client(of).send(new DeleteSecurityGroupCommand({ GroupId }));
    },
  }),
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": row<aws.ec2.DefaultSecurityGroupArgs>({
    replaceOn: ["vpcId"],
    async create(of, { vpcId }) {
      const { SecurityGroups: [found] = [] } = await client(of).send(
        new DescribeSecurityGroupsCommand({
          Filters: [
            { Name: "vpc-id", Values: [vpcId ?? ""] },
            { Name: "group-name", Values: ["default"] },
          ],
        }),
      );
      await empty(of, found?.GroupId ?? "");
      return found?.GroupId ?? "";
    },
    async read(of, id) {
      const { SecurityGroups: [found] = [] } = await client(of).send(
        new DescribeSecurityGroupsCommand({ GroupIds: [id] }),
      );
      return found && { ingress: found.IpPermissions ?? [], egress: found.IpPermissionsEgress ?? [] };
    },
    async update(of, id) {
      await empty(of, id);
    },
    // It goes with its VPC.
    async delete() {},
  }),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": rule("in"),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": rule("out"),
};
