import * as pulumi from "@pulumi/pulumi";
import { internalRoutes } from "../../../service/contract/routes.ts";
import type { Topology } from "../../topology/topology.ts";
import type { AwsSettings } from "../settings.ts";
import { shopVariables, taskPorts } from "../shop-variables.ts";
import { taskSizes } from "../sizes.ts";
import type { Cluster } from "./cluster.ts";
import { collector, mayWriteTo } from "./collector.ts";
import { allow } from "./data-gate.ts";
import { databasePort, type Database } from "./database.ts";
import type { Entrance } from "./entrance.ts";
import { FargateService } from "./fargate-service.ts";
import { FargateTask } from "./fargate-task.ts";
import type { MailIdentity } from "./mail-identity.ts";
import type { Monitoring } from "./monitoring.ts";
import type { Network } from "./network.ts";
import { poolerPort, type Pooler } from "./pooler.ts";
import { redisPort, type RedisStore } from "./redis-store.ts";
import type { ShopSecrets } from "./shop-secrets.ts";

export interface WebArgs {
  readonly settings: AwsSettings;
  readonly topology: Topology;
  readonly network: Network;
  readonly cluster: Cluster;
  readonly entrance: Entrance;
  readonly database: Database;
  readonly pooler: Pooler | undefined;
  readonly cache: RedisStore | undefined;
  readonly monitoring: Monitoring | undefined;
  readonly identity: MailIdentity | undefined;
  readonly secrets: ShopSecrets;
}

/** Tasks that autoscaling may have at a peak, for each that the topology asks for. */
const peakFactor = 2;

/** The shop's tasks of the tier, and who they may talk to. */
export class Web extends pulumi.ComponentResource {
  readonly service: FargateService;

  constructor(name: string, args: WebArgs, options: pulumi.ComponentResourceOptions) {
    super("shopctl:aws:Web", name, {}, options);
    const inside = { parent: this };
    const { topology, network, cluster, entrance, database, pooler, cache } = args;
    const { balancer } = entrance;
    this.service = new FargateService(
      name,
      {
        cluster,
        network,
        task: this.#task(name, args),
        count: topology.instances,
        maxCount: topology.instances > 1 ? topology.instances * peakFactor : topology.instances,
        discovered: false,
        balanced: { targetGroupArn: balancer.targets.arn, container: "shop", port: taskPorts.http },
      },
      { parent: this, dependsOn: [balancer.listener, ...(pooler === undefined ? [] : [pooler.service])] },
    );
    const { group } = this.service;
    for (const port of [taskPorts.http, taskPorts.internal])
      allow(`${name}-${port}`, { from: balancer.group, to: group, port }, inside);
    if (pooler === undefined)
      allow(`${name}-database`, { from: group, to: database.group, port: databasePort }, inside);
    else allow(`${name}-pooler`, { from: group, to: pooler.service.group, port: poolerPort }, inside);
    if (cache !== undefined) allow(`${name}-cache`, { from: group, to: cache.group, port: redisPort }, inside);
    this.registerOutputs();
  }

  #task(name: string, { settings, topology, cluster, monitoring, identity, secrets }: WebArgs): FargateTask {
    const { region, domain, images } = settings;
    return new FargateTask(
      name,
      {
        cluster,
        region,
        size: taskSizes[topology.tier],
        grants: [
          ...(monitoring === undefined ? [] : [mayWriteTo(monitoring.workspace.arn)]),
          ...(identity === undefined ? [] : [{ actions: ["ses:SendEmail"], resources: [identity.arn] }]),
        ],
        containers: [
          {
            name: "shop",
            image: images.shop,
            essential: true,
            ports: [taskPorts.http, taskPorts.internal],
            variables: shopVariables(topology, { name, domain, region, image: images.shop }),
            secrets: secrets.byVariable,
            healthCheck: ["node", "-e", healthProbe],
          },
          ...(monitoring === undefined
            ? []
            : [
                collector({
                  image: images.collector,
                  region,
                  job: "shop",
                  metricsPort: taskPorts.internal,
                  remoteWriteUrl: pulumi.interpolate`${monitoring.workspace.prometheusEndpoint}api/v1/remote_write`,
                }),
              ]),
        ],
      },
      { parent: this },
    );
  }
}

const healthProbe = `fetch("http://127.0.0.1:${taskPorts.internal}${internalRoutes.health}").then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))`;
