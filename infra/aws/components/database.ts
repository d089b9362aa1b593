import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { databasePlans } from "../../topology/database-plans.ts";
import type { Topology } from "../../topology/topology.ts";
import { databaseClasses } from "../sizes.ts";
import { closedGroup } from "./data-gate.ts";
import type { Network } from "./network.ts";

export interface DatabaseArgs {
  readonly network: Network;
  readonly plan: Topology["database"];
  readonly replicas: number;
  /** A standby in another zone that has every commit. */
  readonly multiAz: boolean;
  /** Of the role that migrations run as; the shop has one of its own. Secret. */
  readonly adminPassword: pulumi.Input<string>;
}

export const databasePort = 5432;
/** Role that owns the database; the shop has one of its own. */
export const databaseOwner = "shop_admin";
/** Major version of the local target's server, so that both run the same statements alike. */
const engineVersion = "15";

/**
 * RDS for PostgreSQL: encrypted, TLS only, backed up, and never replaced. A change of class goes by blue/green: RDS builds
 * the new one beside it and switches, usually in under a minute. Never while there are replicas, which the provider would
 * leave behind, and with it on it takes that way for nearly every change: then a standby is made and dropped in place, and
 * the class stays, for `read-replicas` needs the plan that it was made with.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/blue-green-deployments-overview.html
 */
export class Database extends pulumi.ComponentResource {
  readonly primary: aws.rds.Instance;
  readonly replicas: readonly aws.rds.Instance[];
  readonly group: aws.ec2.SecurityGroup;
  /** Name of the parameter group of all of them. */
  readonly parameters: pulumi.Output<string>;

  constructor(name: string, args: DatabaseArgs, options: pulumi.ComponentResourceOptions) {
    super("shopctl:aws:Database", name, {}, options);
    const inside = { parent: this };
    const { network, plan, replicas, multiAz, adminPassword } = args;
    this.group = closedGroup(name, { vpcId: network.vpc.id, description: "the shop's database" }, inside);
    const subnets = new aws.rds.SubnetGroup(name, { subnetIds: [...network.dataSubnetIds] }, inside);
    const parameters = new aws.rds.ParameterGroup(
      name,
      { family: `postgres${engineVersion}`, parameters: [...parametersOf(plan)] },
      inside,
    );
    this.parameters = parameters.name;
    const common = {
      instanceClass: databaseClasses[plan].instanceClass,
      storageType: "gp3",
      storageEncrypted: true,
      parameterGroupName: parameters.name,
      vpcSecurityGroupIds: [this.group.id],
      publiclyAccessible: false,
      autoMinorVersionUpgrade: true,
      performanceInsightsEnabled: true,
      copyTagsToSnapshot: true,
      enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
    };
    this.primary = new aws.rds.Instance(
      name,
      {
        ...common,
        deletionProtection: true,
        engine: "postgres",
        engineVersion,
        dbName: "shop",
        username: databaseOwner,
        // Not one that RDS manages itself: an instance with such a one can have no replica and no blue/green deployment.
        // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html#rds-secrets-manager-limitations
        password: pulumi.secret(adminPassword),
        allocatedStorage: databaseClasses[plan].storageGiB,
        maxAllocatedStorage: databaseClasses[plan].mostStorageGiB,
        dbSubnetGroupName: subnets.name,
        multiAz,
        // Blue/green needs backups, so even the small plan has a day of them.
        backupRetentionPeriod: databasePlans[plan].backups ? 7 : 1,
        blueGreenUpdate: { enabled: replicas === 0 },
        finalSnapshotIdentifier: `${name}-final`,
        applyImmediately: true,
      },
      { parent: this, protect: true },
    );
    this.replicas = Array.from(
      { length: replicas },
      (_, at) =>
        new aws.rds.Instance(
          `${name}-replica-${at + 1}`,
          // Nothing is in it that the primary has not, and the way back takes it away.
          { ...common, deletionProtection: false, replicateSourceDb: this.primary.identifier, skipFinalSnapshot: true },
          inside,
        ),
    );
    this.registerOutputs();
  }
}

/** Static parameters wait for a restart, which the blue/green switch brings; dynamic ones are in force at once. */
function parametersOf(plan: Topology["database"]): readonly aws.types.input.rds.ParameterGroupParameter[] {
  const pending = { applyMethod: "pending-reboot" };
  return [
    { name: "rds.force_ssl", value: "1" },
    { name: "log_min_duration_statement", value: "500" },
    // What is bound to a slow statement are tokens, addresses and password hashes: none of it for CloudWatch.
    { name: "log_parameter_max_length", value: "0" },
    // Before the 150 ms after which a migration gives up a lock: an automatic vacuum ends for whoever waits this long.
    { name: "deadlock_timeout", value: "100" },
    { name: "idle_in_transaction_session_timeout", value: "60000" },
    { name: "max_connections", value: String(databasePlans[plan].maxConnections), ...pending },
    { name: "shared_preload_libraries", value: "pg_stat_statements", ...pending },
  ];
}
