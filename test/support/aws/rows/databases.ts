import {
  AddTagsToResourceCommand,
  CreateDBInstanceCommand,
  CreateDBInstanceReadReplicaCommand,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  DescribeDBParametersCommand,
  ModifyDBInstanceCommand,
  RDSClient,
  type DBInstance,
} from "@aws-sdk/client-rds";
import type * as aws from "@pulumi/aws";
import { tagList, type Aws } from "../aws-access.ts";
import { bootWith, makeDatabase } from "../rds-database.ts";
import { RefusedError } from "../refusal.ts";
import { goesByBlueGreen, refuseBlueGreen, refuseInstance, refuseReplicaOf } from "../refusals/rds.ts";
import { row, type Given, type Properties, type ResourceTable } from "../resource-row.ts";

const client = (of: Aws): RDSClient => of.client(RDSClient);
const namesPage = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html";

async function instance(of: Aws, DBInstanceIdentifier: string): Promise<DBInstance> {
  const { DBInstances: [found] = [] } = await client(of).send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }));
  if (found === undefined) throw new Error(`DBInstance ${DBInstanceIdentifier} not found`);
  return found;
}

/** What a new instance and a changed one are both told. */
function settings(inputs: Given<aws.rds.InstanceArgs>) {
  return {
    DBInstanceClass: inputs.instanceClass,
    StorageType: inputs.storageType,
    DBParameterGroupName: inputs.parameterGroupName,
    VpcSecurityGroupIds: [...(inputs.vpcSecurityGroupIds ?? [])],
    PubliclyAccessible: inputs.publiclyAccessible,
    DeletionProtection: inputs.deletionProtection,
    AutoMinorVersionUpgrade: inputs.autoMinorVersionUpgrade,
    EnablePerformanceInsights: inputs.performanceInsightsEnabled,
    CopyTagsToSnapshot: inputs.copyTagsToSnapshot,
    MultiAZ: inputs.multiAz,
    ...(inputs.backupRetentionPeriod === undefined ? {} : { BackupRetentionPeriod: inputs.backupRetentionPeriod }),
    ...(inputs.password === undefined ? {} : { MasterUserPassword: inputs.password }),
  };
}

/** A new instance, and one of another class, starts with what its parameter group says. */
async function boot(of: Aws, { parameterGroupName }: Given<aws.rds.InstanceArgs>): Promise<void> {
  const { Parameters = [] } = await client(of).send(
    new DescribeDBParametersCommand({ DBParameterGroupName: parameterGroupName }),
  );
  const found = Parameters.find(({ ParameterName }) => ParameterName === "max_connections")?.ParameterValue;
  if (found !== undefined) await bootWith(found);
}

/** What AWS says of an instance, in the provider's names. */
function described(found: DBInstance): Properties {
  const port = found.Endpoint?.Port ?? 5432;
  return {
    arn: found.DBInstanceArn,
    identifier: found.DBInstanceIdentifier,
    address: found.Endpoint?.Address,
    port,
    endpoint: `${found.Endpoint?.Address}:${port}`,
    status: found.DBInstanceStatus,
    instanceClass: found.DBInstanceClass,
    deletionProtection: found.DeletionProtection,
    publiclyAccessible: found.PubliclyAccessible,
    storageEncrypted: found.StorageEncrypted,
    ...(found.MasterUserSecret === undefined
      ? {}
      : { masterUserSecrets: [{ secretArn: found.MasterUserSecret.SecretArn, secretStatus: "active" }] }),
  };
}

/** Databases. A change of class by blue/green ends in an instance of the same identifier and endpoint, so it is one change here. */
export const databases: ResourceTable = {
  "aws:rds/instance:Instance": row<aws.rds.InstanceArgs>({
    // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html takes none of these.
    replaceOn: [
      "engine",
      "dbName",
      "username",
      "storageEncrypted",
      "kmsKeyId",
      "dbSubnetGroupName",
      "availabilityZone",
      "identifier",
      "replicateSourceDb",
    ],
    named: { by: "identifier", maxLength: 63, page: namesPage },
    refuse: refuseInstance,
    async create(of, inputs) {
      const { identifier = "", replicateSourceDb } = inputs;
      const named = { DBInstanceIdentifier: identifier, Tags: tagList(of.tags) };
      if (replicateSourceDb !== undefined) {
        refuseReplicaOf(await instance(of, replicateSourceDb));
        await client(of).send(
          new CreateDBInstanceReadReplicaCommand({
            ...named,
            ...settings(inputs),
            SourceDBInstanceIdentifier: replicateSourceDb,
          }),
        );
        // moto gives a replica its source's word on both.
        await client(of).send(
          new ModifyDBInstanceCommand({
            ...settings(inputs),
            DBInstanceIdentifier: identifier,
            ApplyImmediately: true,
          }),
        );
        return identifier;
      }
      await client(of).send(
        new CreateDBInstanceCommand({
          ...named,
          ...settings(inputs),
          Engine: inputs.engine,
          EngineVersion: inputs.engineVersion,
          DBName: inputs.dbName,
          MasterUsername: inputs.username,
          ManageMasterUserPassword: inputs.manageMasterUserPassword,
          AllocatedStorage: inputs.allocatedStorage,
          MaxAllocatedStorage: inputs.maxAllocatedStorage,
          StorageEncrypted: inputs.storageEncrypted,
          DBSubnetGroupName: inputs.dbSubnetGroupName,
          EnableCloudwatchLogsExports: [...(inputs.enabledCloudwatchLogsExports ?? [])],
        }),
      );
      await makeDatabase(inputs.dbName ?? "", { role: inputs.username ?? "", password: inputs.password ?? "" });
      await boot(of, inputs);
      return identifier;
    },
    async read(of, id) {
      return described(await instance(of, id));
    },
    async update(of, DBInstanceIdentifier, inputs, before) {
      if (goesByBlueGreen(inputs, before)) refuseBlueGreen(await instance(of, DBInstanceIdentifier));
      await client(of).send(
        new ModifyDBInstanceCommand({
          ...settings(inputs),
          DBInstanceIdentifier,
          AllocatedStorage: inputs.allocatedStorage,
          MaxAllocatedStorage: inputs.maxAllocatedStorage,
          ApplyImmediately: inputs.applyImmediately,
        }),
      );
      if (inputs.instanceClass !== before.instanceClass) await boot(of, inputs);
      const { DBInstanceArn } = await instance(of, DBInstanceIdentifier);
      await client(of).send(new AddTagsToResourceCommand({ ResourceName: DBInstanceArn, Tags: tagList(of.tags) }));
    },
    async delete(of, DBInstanceIdentifier, { skipFinalSnapshot, finalSnapshotIdentifier }) {
      const { DeletionProtection } = await instance(of, DBInstanceIdentifier);
      if (DeletionProtection === true)
        throw new RefusedError({
          property: "deletionProtection",
          reason: `Cannot delete protected DB instance ${DBInstanceIdentifier}`,
          page: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html",
        });
      await client(of).send(
        new DeleteDBInstanceCommand({
          DBInstanceIdentifier,
          ...(skipFinalSnapshot === true
            ? { SkipFinalSnapshot: true }
            : { SkipFinalSnapshot: false, FinalDBSnapshotIdentifier: finalSnapshotIdentifier }),
        }),
      );
    },
  }),
};
