import { isDeepStrictEqual } from "node:util";
import { RefusedError, refusals, type Refusal } from "../refusal.ts";

const guide = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide";
const managedPasswords = `${guide}/rds-secrets-manager.html`;
const blueGreen = `${guide}/blue-green-deployments-considerations.html`;

/** Classes of PostgreSQL 15 that a small shop could take; the page has the others. */
const classes = /^db\.(t4g\.(micro|small|medium|large|xlarge|2xlarge)|[mr][67]g\.(large|[248]?xlarge|1[26]xlarge))$/;
/** Major versions in standard support. */
const majors = ["14", "15", "16", "17", "18"];

interface Instance {
  readonly identifier?: string;
  readonly engine?: string;
  readonly engineVersion?: string;
  readonly instanceClass?: string;
  readonly allocatedStorage?: number;
  readonly storageType?: string;
  readonly username?: string;
  readonly password?: string;
  readonly manageMasterUserPassword?: boolean;
  readonly backupRetentionPeriod?: number;
  readonly blueGreenUpdate?: { readonly enabled?: boolean };
  readonly replicateSourceDb?: string;
}

/** What RDS refuses of an instance by itself. */
export function refuseInstance(inputs: Instance): readonly Refusal[] {
  const { identifier, engine, engineVersion, instanceClass, allocatedStorage, storageType, username, password } =
    inputs;
  return refusals(
    identifier !== undefined &&
      !/^[a-z](-?[a-z0-9])*$/.test(identifier) && {
        property: "identifier",
        reason: `${identifier} is not letters, digits and single hyphens with a letter at the beginning`,
        page: `${guide}/CHAP_Limits.html`,
      },
    instanceClass !== undefined &&
      !classes.test(instanceClass) && {
        property: "instanceClass",
        reason: `PostgreSQL has no class ${instanceClass}`,
        page: `${guide}/Concepts.DBInstanceClass.Support.html`,
      },
    engine === "postgres" &&
      engineVersion !== undefined &&
      !majors.includes(engineVersion.split(".")[0] ?? "") && {
        property: "engineVersion",
        reason: `Cannot find version ${engineVersion} for postgres`,
        page: "https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html",
      },
    storageType === "gp3" &&
      allocatedStorage !== undefined &&
      allocatedStorage < 20 && {
        property: "allocatedStorage",
        reason: "gp3 begins at 20 GiB",
        page: `${guide}/CHAP_Storage.html`,
      },
    username !== undefined &&
      ["admin", "postgres_admin", "rdsadmin"].includes(username) && {
        property: "username",
        reason: `MasterUsername ${username} cannot be used as it is a reserved word used by the engine`,
        page: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
      },
    password !== undefined &&
      !/^[^/"@\s]{8,128}$/.test(password) && {
        property: "password",
        reason: 'a password has 8 to 128 characters and none of /, ", @ and space',
        page: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
      },
    password !== undefined &&
      inputs.manageMasterUserPassword === true && {
        property: "password",
        reason: "You can't specify MasterUserPassword when ManageMasterUserPassword is on",
        page: managedPasswords,
      },
    inputs.blueGreenUpdate?.enabled === true &&
      inputs.backupRetentionPeriod === 0 && {
        property: "backupRetentionPeriod",
        reason: "blue/green deployments need automated backups",
        page: blueGreen,
      },
  );
}

interface Source {
  readonly DBInstanceIdentifier?: string | undefined;
  readonly BackupRetentionPeriod?: number | undefined;
  readonly MasterUserSecret?: object | undefined;
  readonly ReadReplicaDBInstanceIdentifiers?: readonly string[] | undefined;
}

/** Throws RefusedError when a replica cannot follow this instance. */
export function refuseReplicaOf(source: Source): void {
  if (source.MasterUserSecret !== undefined)
    throw new RefusedError({
      property: "replicateSourceDb",
      reason: `a read replica cannot be created from ${source.DBInstanceIdentifier}, which manages its master user password with Secrets Manager`,
      page: managedPasswords,
    });
  if (source.BackupRetentionPeriod === 0)
    throw new RefusedError({
      property: "replicateSourceDb",
      reason: `${source.DBInstanceIdentifier} has no automated backups`,
      page: `${guide}/USER_ReadRepl.Create.html`,
    });
}

/** What the provider changes in place also where blue/green is on: `resourceInstanceUpdate` of its `rds/instance.go`. */
const inPlace = [
  "allowMajorVersionUpgrade",
  "blueGreenUpdate",
  "deleteAutomatedBackups",
  "deletionProtection",
  "finalSnapshotIdentifier",
  "password",
  "replicateSourceDb",
  "skipFinalSnapshot",
  "tags",
];

/** Whether the provider carries a change out by blue/green: any but a few, once it is on. */
export function goesByBlueGreen(
  inputs: { readonly blueGreenUpdate?: { readonly enabled?: boolean | undefined } | undefined },
  before: object,
): boolean {
  const had = new Map<string, unknown>(Object.entries(before));
  const changed = Object.entries(inputs).filter(([key, value]) => !isDeepStrictEqual(value, had.get(key)));
  return inputs.blueGreenUpdate?.enabled === true && changed.some(([key]) => !inPlace.includes(key));
}

/** Throws RefusedError when an instance cannot be changed by blue/green. */
export function refuseBlueGreen({
  MasterUserSecret,
  DBInstanceIdentifier,
  ReadReplicaDBInstanceIdentifiers: replicas = [],
}: Source): void {
  if (MasterUserSecret !== undefined)
    throw new RefusedError({
      property: "blueGreenUpdate",
      reason: `${DBInstanceIdentifier} manages its master user password with Secrets Manager`,
      page: blueGreen,
    });
  if (replicas.length > 0)
    throw new RefusedError({
      property: "blueGreenUpdate",
      reason: `${DBInstanceIdentifier} has replicas, which the provider would leave behind at the instance before the switch`,
      page: "https://github.com/hashicorp/terraform-provider-aws/issues/33702",
    });
}
