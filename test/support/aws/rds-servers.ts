import { CloudWatchClient, PutMetricDataCommand, type MetricDatum } from "@aws-sdk/client-cloudwatch";
import { DescribeDBInstancesCommand, RDSClient, type DBInstance } from "@aws-sdk/client-rds";
import { startPostgres, type TestPostgres } from "../postgres.ts";
import { startReplica, type TestReplica } from "../replica.ts";
import type { Aws } from "./aws-access.ts";
import { repeat } from "./repeat.ts";

const intervalMs = 1_000;

/** Servers of Postgres on this machine for the instances that an account has with RDS: a primary, and replicas that follow it. */
export class RdsServers {
  readonly #primary: TestPostgres;
  readonly #replicas = new Map<string, TestReplica>();
  #stopLooking: () => Promise<void> = async () => undefined;

  private constructor(primary: TestPostgres) {
    this.#primary = primary;
  }

  static async start(): Promise<RdsServers> {
    return new RdsServers(await startPostgres());
  }

  /** URL of its superuser, whom RDS gives nobody: what makes roles as RDS does. */
  get adminUrl(): string {
    return this.#primary.adminUrl();
  }

  /** Follows what the account has from now on, and tells CloudWatch how far replicas are. */
  follow(of: Aws): void {
    this.#stopLooking = repeat(intervalMs, async () => {
      await this.#restartWhereAsked();
      const { DBInstances = [] } = await of.client(RDSClient).send(new DescribeDBInstancesCommand());
      await this.#bringReplicas(DBInstances);
      await this.#tell(of, DBInstances);
    });
  }

  /**
   * The URL of a primary that RDS has, with its address here; any other as it is. Without TLS: RDS' certificates are for
   * RDS' names. The pooler's is the primary's too, for its tasks do not run.
   */
  async onThisMachine(of: Aws, value: string): Promise<string> {
    if (!value.startsWith("postgres://")) return value;
    const url = new URL(value);
    if (!isPooler(url) && !(await isPrimary(of, url))) return value;
    url.host = `127.0.0.1:${this.#primary.port}`;
    url.searchParams.delete("sslmode");
    return url.href;
  }

  async stop(): Promise<void> {
    await this.#stopLooking();
    for (const replica of this.#replicas.values()) await replica.stop();
    await this.#primary.stop();
  }

  /** Static parameters wait for it. */
  async #restartWhereAsked(): Promise<void> {
    const waiting = await this.#primary.query("select from pg_settings where pending_restart");
    if (waiting.length > 0) await this.#primary.restart();
  }

  async #bringReplicas(there: readonly DBInstance[]): Promise<void> {
    const wanted = there.flatMap(({ DBInstanceIdentifier: id = "", ReadReplicaSourceDBInstanceIdentifier: source }) =>
      source === undefined ? [] : [id],
    );
    for (const id of wanted) if (!this.#replicas.has(id)) this.#replicas.set(id, await startReplica(this.#primary));
    for (const [id, replica] of this.#replicas) {
      if (wanted.includes(id)) continue;
      this.#replicas.delete(id);
      await replica.stop();
    }
  }

  /** By the questions that RDS asks: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PostgreSQL.Replication.ReadReplicas.Monitor.html */
  async #tell(of: Aws, instances: readonly DBInstance[]): Promise<void> {
    if (this.#replicas.size === 0) return;
    const primary = instances.find((each) => each.ReadReplicaSourceDBInstanceIdentifier === undefined);
    const [slowest] = await this.#primary.query<{ bytes: number | null }>(
      "select max(pg_wal_lsn_diff(pg_current_wal_lsn(), flush_lsn))::float8 as bytes from pg_stat_replication",
    );
    const data: MetricDatum[] = [datum("OldestReplicationSlotLag", primary?.DBInstanceIdentifier, slowest?.bytes)];
    for (const [id, replica] of this.#replicas) {
      const [lag] = await replica.query<{ seconds: number | null }>(
        "select extract(epoch from now() - pg_last_xact_replay_timestamp())::float8 as seconds",
      );
      data.push(datum("ReplicaLag", id, lag?.seconds));
    }
    const MetricData = data.filter(({ Value }) => Value !== undefined);
    if (MetricData.length > 0)
      await of.client(CloudWatchClient).send(new PutMetricDataCommand({ Namespace: "AWS/RDS", MetricData }));
  }
}

function isPooler({ hostname }: URL): boolean {
  return hostname.endsWith(".internal");
}

async function isPrimary(of: Aws, { hostname }: URL): Promise<boolean> {
  const { DBInstances = [] } = await of.client(RDSClient).send(new DescribeDBInstancesCommand());
  const named = DBInstances.find(({ Endpoint }) => Endpoint?.Address === hostname);
  return named !== undefined && named.ReadReplicaSourceDBInstanceIdentifier === undefined;
}

function datum(MetricName: string, Value: string | undefined, value: number | null | undefined): MetricDatum {
  return {
    MetricName,
    Dimensions: [{ Name: "DBInstanceIdentifier", Value }],
    ...(value === null || value === undefined ? {} : { Value: value }),
  };
}
