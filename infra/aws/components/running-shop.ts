import { createHash } from "node:crypto";
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { shopEnv } from "../../../service/contract/env.ts";
import { internalRoutes } from "../../../service/contract/routes.ts";
import type { ScrapeJob } from "../../target.ts";
import type { Topology } from "../../topology/topology.ts";
import { imageOf, type AwsCredentials, type AwsSettings } from "../settings.ts";
import { shopVariables, taskPorts } from "../shop-variables.ts";
import { taskSizes, type TaskSize } from "../sizes.ts";
import type { Cluster } from "./cluster.ts";
import { collector, mayWriteTo } from "./collector.ts";
import { allow } from "./data-gate.ts";
import { databasePort, type Database } from "./database.ts";
import { FargateTask } from "./fargate-task.ts";
import type { MailIdentity } from "./mail-identity.ts";
import type { Monitoring } from "./monitoring.ts";
import type { Network } from "./network.ts";
import { poolerPort, type Pooler } from "./pooler.ts";
import type { ShopSecrets } from "./shop-secrets.ts";

/** What every task of the shop's image runs among. */
export interface RunningShop {
  readonly settings: AwsSettings;
  readonly topology: Topology;
  readonly credentials: pulumi.Output<AwsCredentials>;
  readonly network: Network;
  readonly cluster: Cluster;
  readonly database: Database;
  readonly pooler: Pooler | undefined;
  readonly monitoring: Monitoring | undefined;
  readonly identity: MailIdentity | undefined;
  readonly secrets: ShopSecrets;
}

/** A task of the shop's image: the shop itself, or another of the image's programs. */
export function shopTask(
  name: string,
  { settings, topology, credentials, cluster, monitoring, identity, secrets }: RunningShop,
  parent: pulumi.Resource,
  program: {
    readonly command?: readonly string[];
    readonly size?: TaskSize;
    readonly ports?: readonly number[];
    /** What its metrics are of, as on the local target. */
    readonly job?: Exclude<ScrapeJob, "router">;
  } = {},
): FargateTask {
  const { region, images } = settings;
  const image = imageOf(settings, topology);
  const { command, size = taskSizes[topology.tier], ports = [taskPorts.http, taskPorts.internal] } = program;
  const { job = "shop" } = program;
  // Known before there is a CDN, so that the step to one changes no task.
  const originKeyHash = pulumi.unsecret(
    credentials.apply(({ originKey }) => createHash("sha256").update(originKey).digest("hex")),
  );
  const remoteWriteUrl =
    monitoring && pulumi.interpolate`${monitoring.workspace.prometheusEndpoint}api/v1/remote_write`;
  return new FargateTask(
    name,
    {
      cluster,
      region,
      size,
      grants: [
        ...(monitoring === undefined ? [] : [mayWriteTo(monitoring.workspace.arn)]),
        ...(identity === undefined ? [] : [{ actions: ["ses:SendEmail"], resources: [identity.arn] }]),
      ],
      containers: [
        {
          name: "shop",
          image,
          essential: true,
          ports,
          variables: { ...shopVariables(topology, settings, name), [shopEnv.originKeyHash]: originKeyHash },
          secrets: secrets.byVariable,
          healthCheck: ["node", "-e", healthProbe],
          ...(command === undefined ? {} : { command }),
        },
        ...(remoteWriteUrl === undefined
          ? []
          : [
              collector({
                image: images.collector,
                region,
                job,
                metricsPort: taskPorts.internal,
                remoteWriteUrl,
              }),
            ]),
      ],
    },
    { parent },
  );
}

/** Lets tasks reach the database: by the pooler where there is one, and the replicas directly. */
export function reachDatabase(
  name: string,
  group: aws.ec2.SecurityGroup,
  { database, pooler }: RunningShop,
  parent: pulumi.Resource,
): void {
  if (pooler !== undefined)
    allow(`${name}-pooler`, { from: group, to: pooler.service.group, port: poolerPort }, { parent });
  if (pooler === undefined || database.replicas.length > 0)
    allow(`${name}-database`, { from: group, to: database.group, port: databasePort }, { parent });
}

const healthProbe = `fetch("http://127.0.0.1:${taskPorts.internal}${internalRoutes.health}").then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))`;
