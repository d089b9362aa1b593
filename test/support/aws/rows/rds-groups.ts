import {
  CreateDBParameterGroupCommand,
  CreateDBSubnetGroupCommand,
  DeleteDBParameterGroupCommand,
  DeleteDBSubnetGroupCommand,
  DescribeDBParameterGroupsCommand,
  DescribeDBSubnetGroupsCommand,
  ModifyDBParameterGroupCommand,
  ModifyDBSubnetGroupCommand,
  RDSClient,
  type Parameter,
} from "@aws-sdk/client-rds";
import type * as aws from "@pulumi/aws";
import { tagList, type Aws } from "../aws-access.ts";
import { row, type Given, type ResourceTable } from "../resource-row.ts";

const client = (of: Aws): RDSClient => of.client(RDSClient);
const namesPage = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html";

async function setParameters(
  of: Aws,
  DBParameterGroupName: string,
  { parameters = [] }: Given<aws.rds.ParameterGroupArgs>,
): Promise<void> {
  const Parameters = parameters.map(({ name, value, applyMethod = "immediate" }): Parameter => ({
    ParameterName: name,
    ParameterValue: value,
    ApplyMethod: applyMethod as Parameter["ApplyMethod"],
  }));
  await client(of).send(new ModifyDBParameterGroupCommand({ DBParameterGroupName, Parameters }));
}

/** Where databases stand, and how they are set. */
export const rdsGroups: ResourceTable = {
  "aws:rds/subnetGroup:SubnetGroup": row<aws.rds.SubnetGroupArgs>({
    replaceOn: ["name"],
    named: { by: "name", maxLength: 255, page: namesPage },
    async create(of, { name = "", description, subnetIds }) {
      await client(of).send(
        new CreateDBSubnetGroupCommand({
          DBSubnetGroupName: name,
          DBSubnetGroupDescription: description ?? "Managed by Pulumi",
          SubnetIds: [...subnetIds],
          Tags: tagList(of.tags),
        }),
      );
      return name;
    },
    async read(of, DBSubnetGroupName) {
      const found = await client(of).send(new DescribeDBSubnetGroupsCommand({ DBSubnetGroupName }));
      return found.DBSubnetGroups?.[0] && { name: DBSubnetGroupName, arn: found.DBSubnetGroups[0].DBSubnetGroupArn };
    },
    async update(of, DBSubnetGroupName, { subnetIds }) {
      await client(of).send(new ModifyDBSubnetGroupCommand({ DBSubnetGroupName, SubnetIds: [...subnetIds] }));
    },
    async delete(of, DBSubnetGroupName) {
      await client(of).send(new DeleteDBSubnetGroupCommand({ DBSubnetGroupName }));
    },
  }),
  "aws:rds/parameterGroup:ParameterGroup": row<aws.rds.ParameterGroupArgs>({
    replaceOn: ["name", "family"],
    named: { by: "name", maxLength: 255, page: namesPage },
    async create(of, inputs) {
      const { name = "", family, description } = inputs;
      await client(of).send(
        new CreateDBParameterGroupCommand({
          DBParameterGroupName: name,
          DBParameterGroupFamily: family,
          Description: description ?? "Managed by Pulumi",
          Tags: tagList(of.tags),
        }),
      );
      await setParameters(of, name, inputs);
      return name;
    },
    async read(of, DBParameterGroupName) {
      const found = await client(of).send(new DescribeDBParameterGroupsCommand({ DBParameterGroupName }));
      return (
        found.DBParameterGroups?.[0] && {
          name: DBParameterGroupName,
          family: found.DBParameterGroups[0].DBParameterGroupFamily,
        }
      );
    },
    async update(of, id, inputs) {
      await setParameters(of, id, inputs);
    },
    async delete(of, DBParameterGroupName) {
      await client(of).send(new DeleteDBParameterGroupCommand({ DBParameterGroupName }));
    },
  }),
};
