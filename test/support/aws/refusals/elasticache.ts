import { refusals, type Refusal } from "../refusal.ts";

const guide = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg";
const api = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html";

interface ReplicationGroup {
  readonly replicationGroupId?: string;
  readonly engine?: string;
  readonly engineVersion?: string;
  readonly nodeType?: string;
  readonly numCacheClusters?: number;
  readonly automaticFailoverEnabled?: boolean;
  readonly multiAzEnabled?: boolean;
  readonly transitEncryptionEnabled?: boolean;
  readonly authToken?: string;
  readonly snapshotRetentionLimit?: number;
}

/** What ElastiCache refuses of a replication group by itself. */
export function refuseReplicationGroup(inputs: ReplicationGroup): readonly Refusal[] {
  const { replicationGroupId: id, engine, engineVersion, nodeType, numCacheClusters, authToken } = inputs;
  return refusals(
    id !== undefined &&
      !/^[a-z](-?[a-z0-9])*$/.test(id) && {
        property: "replicationGroupId",
        reason: `${id} is not letters, digits and single hyphens with a letter at the beginning`,
        page: api,
      },
    engine === "valkey" &&
      engineVersion !== undefined &&
      !["7.2", "8.0", "8.1", "8.2"].includes(engineVersion) && {
        property: "engineVersion",
        reason: `Cannot find version ${engineVersion} for valkey`,
        page: `${guide}/engine-versions.html`,
      },
    nodeType !== undefined &&
      !/^cache\.(t4g\.(micro|small|medium)|[mr][67]g\.(large|xlarge|[248]xlarge|1[26]xlarge))$/.test(nodeType) && {
        property: "nodeType",
        reason: `there is no node type ${nodeType}`,
        page: `${guide}/CacheNodes.SupportedTypes.html`,
      },
    inputs.automaticFailoverEnabled === true &&
      numCacheClusters === 1 && {
        property: "automaticFailoverEnabled",
        reason: "automatic failover needs at least two nodes",
        page: api,
      },
    inputs.multiAzEnabled === true &&
      inputs.automaticFailoverEnabled !== true && {
        property: "multiAzEnabled",
        reason: "Multi-AZ needs automatic failover",
        page: `${guide}/AutoFailover.html`,
      },
    authToken !== undefined &&
      inputs.transitEncryptionEnabled !== true && {
        property: "authToken",
        reason: "AUTH can only be enabled with encryption in transit",
        page: `${guide}/auth.html`,
      },
    authToken !== undefined &&
      !/^[A-Za-z0-9!&#$^<>-]{16,128}$/.test(authToken) && {
        property: "authToken",
        reason: "a token has 16 to 128 characters: letters, digits and !, &, #, $, ^, <, >, -",
        page: `${guide}/auth.html`,
      },
  );
}
