import {
  AddTagsToResourceCommand,
  CreateCacheParameterGroupCommand,
  CreateReplicationGroupCommand,
  DeleteCacheParameterGroupCommand,
  DeleteReplicationGroupCommand,
  DescribeCacheParameterGroupsCommand,
  DescribeReplicationGroupsCommand,
  ElastiCacheClient,
  ModifyCacheParameterGroupCommand,
  ModifyReplicationGroupCommand,
  type ReplicationGroup,
} from "@aws-sdk/client-elasticache";
import type * as aws from "@pulumi/aws";
import { tagList, type Aws } from "../aws-access.ts";
import { keptRow } from "../kept-rows.ts";
import { refuseReplicationGroup } from "../refusals/elasticache.ts";
import { row, type Given, type ResourceTable } from "../resource-row.ts";

const client = (of: Aws): ElastiCacheClient => of.client(ElastiCacheClient);
const page = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html";
const api = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference";

async function group(of: Aws, ReplicationGroupId: string): Promise<ReplicationGroup | undefined> {
  const found = await client(of).send(new DescribeReplicationGroupsCommand({ ReplicationGroupId }));
  return found.ReplicationGroups?.find(({ Status }) => Status !== "deleting");
}

async function setParameters(
  of: Aws,
  CacheParameterGroupName: string,
  { parameters = [] }: Given<aws.elasticache.ParameterGroupArgs>,
): Promise<void> {
  await client(of).send(
    new ModifyCacheParameterGroupCommand({
      CacheParameterGroupName,
      ParameterNameValues: parameters.map(({ name, value }) => ({ ParameterName: name, ParameterValue: value })),
    }),
  );
}

/** Caches and queues. */
export const elasticache: ResourceTable = {
  "aws:elasticache/replicationGroup:ReplicationGroup": row<aws.elasticache.ReplicationGroupArgs>({
    replaceOn: ["replicationGroupId", "atRestEncryptionEnabled", "port", "subnetGroupName", "kmsKeyId"],
    named: { by: "replicationGroupId", maxLength: 40, page },
    refuse: refuseReplicationGroup,
    async create(of, inputs) {
      const { replicationGroupId = "" } = inputs;
      await client(of).send(
        new CreateReplicationGroupCommand({
          ReplicationGroupId: replicationGroupId,
          ReplicationGroupDescription: inputs.description,
          Engine: inputs.engine,
          EngineVersion: inputs.engineVersion,
          CacheNodeType: inputs.nodeType,
          NumCacheClusters: inputs.numCacheClusters,
          AutomaticFailoverEnabled: inputs.automaticFailoverEnabled,
          MultiAZEnabled: inputs.multiAzEnabled,
          Port: inputs.port,
          CacheSubnetGroupName: inputs.subnetGroupName,
          CacheParameterGroupName: inputs.parameterGroupName,
          SecurityGroupIds: [...(inputs.securityGroupIds ?? [])],
          TransitEncryptionEnabled: inputs.transitEncryptionEnabled,
          AtRestEncryptionEnabled: inputs.atRestEncryptionEnabled,
          AuthToken: inputs.authToken,
          SnapshotRetentionLimit: inputs.snapshotRetentionLimit,
          Tags: tagList(of.tags),
        }),
      );
      return replicationGroupId;
    },
    async read(of, id) {
      const found = await group(of, id);
      return (
        found && {
          arn: found.ARN,
          primaryEndpointAddress: found.NodeGroups?.[0]?.PrimaryEndpoint?.Address ?? `${id}.cache.rehearsal`,
          nodeType: found.CacheNodeType,
        }
      );
    },
    async update(of, ReplicationGroupId, inputs) {
      await client(of).send(
        new ModifyReplicationGroupCommand({
          ReplicationGroupId,
          ReplicationGroupDescription: inputs.description,
          CacheNodeType: inputs.nodeType,
          EngineVersion: inputs.engineVersion,
          AutomaticFailoverEnabled: inputs.automaticFailoverEnabled,
          MultiAZEnabled: inputs.multiAzEnabled,
          CacheParameterGroupName: inputs.parameterGroupName,
          SnapshotRetentionLimit: inputs.snapshotRetentionLimit,
          ApplyImmediately: true,
        }),
      );
      const found = await group(of, ReplicationGroupId);
      await client(of).send(new AddTagsToResourceCommand({ ResourceName: found?.ARN, Tags: tagList(of.tags) }));
    },
    async delete(of, ReplicationGroupId) {
      await client(of).send(new DeleteReplicationGroupCommand({ ReplicationGroupId }));
    },
  }),
  "aws:elasticache/subnetGroup:SubnetGroup": keptRow("aws:elasticache/subnetGroup:SubnetGroup", {
    replaceOn: ["name"],
    named: { by: "name", maxLength: 255, page: `${api}/API_CreateCacheSubnetGroup.html` },
    idOf: ({ name }) => String(name),
  }),
  "aws:elasticache/parameterGroup:ParameterGroup": row<aws.elasticache.ParameterGroupArgs>({
    replaceOn: ["name", "family"],
    named: { by: "name", maxLength: 255, page: `${api}/API_CreateCacheParameterGroup.html` },
    async create(of, inputs) {
      const { name = "", family, description } = inputs;
      await client(of).send(
        new CreateCacheParameterGroupCommand({
          CacheParameterGroupName: name,
          CacheParameterGroupFamily: family,
          Description: description ?? "Managed by Pulumi",
        }),
      );
      await setParameters(of, name, inputs);
      return name;
    },
    async read(of, id) {
      const { CacheParameterGroups: [found] = [] } = await client(of).send(
        new DescribeCacheParameterGroupsCommand({ CacheParameterGroupName: id }),
      );
      return found && { name: id, family: found.CacheParameterGroupFamily };
    },
    async update(of, id, inputs) {
      await setParameters(of, id, inputs);
    },
    async delete(of, CacheParameterGroupName) {
      await client(of).send(new DeleteCacheParameterGroupCommand({ CacheParameterGroupName }));
    },
  }),
};
