import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { dailyTasks } from "../../../service/contract/daily-tasks.ts";
import { imageOf, type AwsCredentials, type AwsSettings } from "../settings.ts";
import { smallTask } from "../sizes.ts";
import type { Topology } from "../../topology/topology.ts";
import type { TaskPlace } from "../tasks/task-place.ts";
import type { Cluster } from "./cluster.ts";
import { allow, closedGroup } from "./data-gate.ts";
import { databaseOwner, databasePort, type Database } from "./database.ts";
import { FargateTask } from "./fargate-task.ts";
import type { Network } from "./network.ts";
import { Nightly } from "./nightly.ts";
import { ShopSecret } from "./shop-secret.ts";
import { TaskRun } from "./task-run.ts";

export interface DataTasksArgs {
  readonly settings: AwsSettings;
  readonly topology: Topology;
  readonly network: Network;
  readonly cluster: Cluster;
  readonly database: Database;
  readonly credentials: pulumi.Output<AwsCredentials>;
}

/** In the hours with the fewest shoppers, after RDS' backup window. */
const archivingHour = 4;
const partitionsHour = 5;

/** Programs that read where the database is; they sign in as its owner by PGUSER and PGPASSWORD. */
const urlVariables = [
  "SHOP_MIGRATE_URL",
  "SHOP_TASK_URL",
  "SHOP_INDEXES_URL",
  "SHOP_SEED_URL",
  "SHOP_MAILS_URL",
  "SHOP_FACTS_URL",
];

/**
 * Work on the data: migrations, indexes, the layout of tables, and what is cleared away every night. The programs are the
 * image's, run inside the network as the database's owner, whose password is generated at `env create` and known to them alone.
 */
export class DataTasks extends pulumi.ComponentResource {
  readonly task: FargateTask;
  readonly group: aws.ec2.SecurityGroup;
  readonly subnets: pulumi.Output<string>[];
  readonly clusterArn: pulumi.Output<string>;
  readonly executionRoleArn: pulumi.Output<string>;
  readonly place: pulumi.Output<TaskPlace>;
  /** The migrated schema, which every instance needs. */
  readonly schema: TaskRun;
  readonly #name: string;
  readonly #topology: Topology;

  constructor(name: string, args: DataTasksArgs, options: pulumi.ComponentResourceOptions) {
    super("shopctl:aws:DataTasks", name, {}, options);
    const { settings, topology, network, cluster, database, credentials } = args;
    const inside = { parent: this };
    this.#name = name;
    this.#topology = topology;
    const image = imageOf(settings, topology);
    this.group = closedGroup(name, { vpcId: network.vpc.id, description: "one-off tasks on the data" }, inside);
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-https`,
      { securityGroupId: this.group.id, cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: 443, toPort: 443 },
      inside,
    );
    allow(`${name}-database`, { from: this.group, to: database.group, port: databasePort }, inside);
    const secret = (kind: string, of: "databaseAdmin" | "databaseShop"): ShopSecret =>
      new ShopSecret(`${name}-${kind}`, { value: credentials.apply((all) => all[of]) }, inside);
    const secrets = {
      PGPASSWORD: secret("owner", "databaseAdmin"),
      SHOP_ROLE_PASSWORD: secret("role", "databaseShop"),
    };
    this.task = this.#define(name, args, image, secrets);
    this.subnets = [...network.taskSubnetIds];
    this.clusterArn = cluster.cluster.arn;
    this.executionRoleArn = cluster.executionRole.arn;
    this.place = pulumi.output({
      region: settings.region,
      cluster: this.clusterArn,
      taskDefinition: this.task.definition.arn,
      subnets: this.subnets,
      securityGroup: this.group.id,
      logGroup: cluster.logs.name,
    });
    const granted = cluster.grantSecrets(
      "task-secrets",
      Object.values(secrets).map(({ arn }) => arn),
    );
    this.schema = new TaskRun(
      `${name}-schema`,
      { place: this.place, wanted: "on", on: [["migrate.js"]], off: [], trigger: image },
      { parent: this, dependsOn: [granted, database.primary] },
    );
    this.registerOutputs();
  }

  /** What begins once the instances of the topology run: nobody needs it sooner, and it may take long. */
  follow(options: { readonly dependsOn: readonly pulumi.Resource[] }): {
    readonly archiving: Nightly | undefined;
    readonly months: Nightly | undefined;
  } {
    const name = this.#name;
    const { indexes, partitioning, archiving } = this.#topology;
    const inside = { parent: this, dependsOn: [this.schema, ...options.dependsOn] };
    const run = (kind: string, on: boolean, there: string[][], back: string[][]): TaskRun =>
      new TaskRun(
        `${name}-${kind}`,
        { place: this.place, wanted: on ? "on" : "off", on: there, off: back, trigger: "" },
        inside,
      );
    const batches = ["--batch-size", "5000"];
    run("indexes", indexes === "complete", [["indexes.js", "build"]], [["indexes.js", "drop"]]);
    const parted = run(
      "partitions",
      partitioning === "partitioned",
      [["task.js", "partition-attempts", "partition-sessions", ...batches]],
      [["task.js", "unpartition-sessions", "unpartition-attempts", ...batches]],
    );
    const archive = run(
      "archive",
      archiving === "daily",
      [["task.js", ...dailyTasks, ...batches]],
      [["task.js", "bring-attempts-back", ...batches]],
    );
    const nightly = (kind: string, after: TaskRun, hour: number, command: readonly string[]): Nightly =>
      new Nightly(`${name}-${kind}`, { tasks: this, hour, command }, { parent: this, dependsOn: [after] });
    const clear = ["task.js", ...dailyTasks, ...batches];
    return {
      archiving: archiving === "daily" ? nightly("archiving", archive, archivingHour, clear) : undefined,
      months:
        partitioning === "partitioned"
          ? nightly("months", parted, partitionsHour, ["task.js", "attempt-months"])
          : undefined,
    };
  }

  #define(
    name: string,
    { settings, cluster, database }: DataTasksArgs,
    image: string,
    secrets: Readonly<Record<string, ShopSecret>>,
  ): FargateTask {
    const url = pulumi.interpolate`postgres://${database.primary.address}:${databasePort}/shop?sslmode=verify-full`;
    return new FargateTask(
      name,
      {
        cluster,
        region: settings.region,
        size: smallTask,
        grants: [],
        containers: [
          {
            name: "shop",
            image,
            essential: true,
            ports: [],
            command: ["node", "facts.js"],
            variables: {
              PGUSER: databaseOwner,
              ...Object.fromEntries(urlVariables.map((variable) => [variable, url])),
            },
            secrets,
          },
        ],
      },
      { parent: this },
    );
  }
}
