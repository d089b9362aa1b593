import {
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  paginateDescribeDBParameters,
  type DBInstance,
} from "@aws-sdk/client-rds";
import { databasePlans } from "../../topology/database-plans.ts";
import type { Observation, ProcessObservation } from "../../observation.ts";
import type { AwsView } from "./clients.ts";
import { findParameter } from "./find-parameter.ts";
import { latestMetric } from "./latest-metric.ts";

const gib = 1_073_741_824;
/** Days of backups that the paid plan promises; blue/green updates need one even without it. */
const promisedBackupDays = 7;

/** The database's servers as processes, the primary first. */
export async function observeServers(view: AwsView): Promise<readonly ProcessObservation[]> {
  const { database, replicas } = view.handles;
  const servers = await Promise.all([database, ...replicas].map((identifier) => instance(view, identifier)));
  return servers.flatMap((server, at) => (server === undefined ? [] : [processOf(server, at)]));
}

/** Facts of the primary that AWS tells without a connection to it; undefined while it is not there. */
export async function observeDatabase(view: AwsView): Promise<Observation["database"]> {
  const { database } = view.handles;
  const primary = await instance(view, database);
  if (primary === undefined || !answering.has(primary.DBInstanceStatus ?? "")) return undefined;
  const of = { DBInstanceIdentifier: database };
  const group = { DBParameterGroupName: view.handles.databaseParameters };
  const pages = paginateDescribeDBParameters({ client: view.rds }, group);
  const [connections, freeBytes, maxConnections, { DBSnapshots = [] }] = await Promise.all([
    latestMetric(view.cloudWatch, { namespace: "AWS/RDS", name: "DatabaseConnections", dimensions: of }),
    latestMetric(view.cloudWatch, { namespace: "AWS/RDS", name: "FreeStorageSpace", dimensions: of }),
    findParameter(pages, "max_connections"),
    view.rds.send(new DescribeDBSnapshotsCommand(of)),
  ]);
  const storageBytes = (primary.AllocatedStorage ?? 0) * gib;
  return {
    maxConnections: Number(maxConnections ?? databasePlans.free.maxConnections),
    connections: connections ?? 0,
    sizeBytes: freeBytes === undefined ? 0 : storageBytes - freeBytes,
    backupSchedule: (primary.BackupRetentionPeriod ?? 0) >= promisedBackupDays,
    backups: DBSnapshots.map(({ DBSnapshotIdentifier = "", SnapshotCreateTime, AllocatedStorage = 0 }) => ({
      id: DBSnapshotIdentifier,
      at: (SnapshotCreateTime ?? new Date(0)).toISOString(),
      sizeBytes: AllocatedStorage * gib,
    })),
  };
}

/**
 * The read replicas and how far they are behind; undefined without any. `ReplicaLag` is the age of the last transaction that a
 * replica has replayed, up to five minutes where nobody writes, so what the slowest lacks of the log is asked too
 * (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PostgreSQL.Replication.ReadReplicas.Monitor.html).
 */
export async function observeReplicas(view: AwsView): Promise<Observation["replication"]> {
  const { database, replicas } = view.handles;
  if (replicas.length === 0) return undefined;
  const lagBytes = await latestMetric(view.cloudWatch, {
    namespace: "AWS/RDS",
    name: "OldestReplicationSlotLag",
    dimensions: { DBInstanceIdentifier: database },
  });
  const found = await Promise.all(
    replicas.map(async (identifier, at) => {
      const server = await instance(view, identifier);
      const lagSeconds = await latestMetric(view.cloudWatch, {
        namespace: "AWS/RDS",
        name: "ReplicaLag",
        dimensions: { DBInstanceIdentifier: identifier },
      });
      return {
        number: at + 1,
        state: isFollowing(server) ? "streaming" : "away",
        ...(isKnown(lagBytes) ? { lagBytes } : {}),
        ...(isKnown(lagSeconds) ? { lagSeconds } : {}),
        isSynchronous: false,
      };
    }),
  );
  return { primary: 0, replicas: found };
}

/** RDS says of a replica beside its status whether it follows. */
function isFollowing({ DBInstanceStatus = "", StatusInfos = [] }: DBInstance = {}): boolean {
  return answering.has(DBInstanceStatus) && StatusInfos.every(({ Normal }) => Normal !== false);
}

/** RDS has -1 for a lag while nothing follows. */
function isKnown(lag: number | undefined): lag is number {
  return lag !== undefined && lag >= 0;
}

/** Statuses in which RDS lets clients in: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html */
const answering: ReadonlySet<string> = new Set([
  "available",
  "backing-up",
  "configuring-enhanced-monitoring",
  "modifying",
  "storage-optimization",
  "upgrading",
]);

async function instance({ rds }: AwsView, identifier: string): Promise<DBInstance | undefined> {
  const { DBInstances: [found] = [] } = await rds
    .send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier }))
    .catch((error: unknown) => {
      if (error instanceof Error && error.name === "DBInstanceNotFoundFault") return { DBInstances: [] };
      throw error;
    });
  return found;
}

function processOf({ DBInstanceIdentifier = "", DBInstanceStatus = "" }: DBInstance, at: number): ProcessObservation {
  return {
    name: DBInstanceIdentifier,
    component: at === 0 ? "postgres" : "replica",
    state: answering.has(DBInstanceStatus) ? "up" : "restarting",
  };
}
