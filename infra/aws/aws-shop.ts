import * as pulumi from "@pulumi/pulumi";
import type { Topology } from "../topology/topology.ts";
import { Alarms } from "./components/alarms.ts";
import { Alerts } from "./components/alerts.ts";
import { Cluster } from "./components/cluster.ts";
import { DataTasks } from "./components/data-tasks.ts";
import { Database, databasePort } from "./components/database.ts";
import { Entrance } from "./components/entrance.ts";
import { MailIdentity } from "./components/mail-identity.ts";
import { emptiedOutbox, MailWorker } from "./components/mail-worker.ts";
import { Monitoring } from "./components/monitoring.ts";
import { Network } from "./components/network.ts";
import { Pooler, poolerPort } from "./components/pooler.ts";
import { RedisStore } from "./components/redis-store.ts";
import { ShopSecrets } from "./components/shop-secrets.ts";
import { Spending } from "./components/spending.ts";
import { Web } from "./components/web.ts";
import type { StaticFile } from "./components/static-files.ts";
import type { AwsCredentials, AwsSettings } from "./settings.ts";
import type { AwsHandles } from "./handles.ts";
import { shopAlarms } from "./shop-alarms.ts";

export interface AwsShopArgs {
  readonly settings: AwsSettings;
  readonly topology: Topology;
  readonly credentials: pulumi.Output<AwsCredentials>;
  /** The storefront's files of that release. */
  readonly files: readonly StaticFile[];
  /** Prometheus rules, as YAML. */
  readonly rules: string;
}

/** A whole shop on AWS, from the same topology as the local one: database → pooler, cache, mail → tasks → entrance. */
export class AwsShop extends pulumi.ComponentResource {
  readonly url: string;
  readonly handles: pulumi.Output<AwsHandles>;

  constructor(args: AwsShopArgs, options: pulumi.ComponentResourceOptions = {}) {
    const { settings, topology, credentials } = args;
    const { name, region, domain, hostedZoneId, images } = settings;
    super("shopctl:aws:Shop", name, {}, options);
    const inside = { parent: this };
    const network = new Network(`${name}-network`, settings, inside);
    const { vpc } = network;
    const cluster = new Cluster(name, { vpcId: vpc.id }, inside);
    const alerts = new Alerts(`${name}-alerts`, { address: settings.alertAddress }, inside);
    const database = new Database(
      `${name}-database`,
      {
        network,
        plan: topology.database,
        replicas: topology.replicas,
        multiAz: topology.instances > 1,
        adminPassword: credentials.apply(({ databaseAdmin }) => databaseAdmin),
      },
      inside,
    );
    const cache =
      topology.cache === "redis"
        ? new RedisStore(
            `${name}-cache`,
            {
              network,
              use: "cache",
              password: credentials.apply((secrets) => secrets.cache),
              standby: topology.instances > 1,
            },
            inside,
          )
        : undefined;
    const queue =
      topology.mailDelivery === "queue"
        ? new RedisStore(
            `${name}-queue`,
            {
              network,
              use: "queue",
              password: credentials.apply((secrets) => secrets.queue),
              standby: topology.instances > 1,
            },
            inside,
          )
        : undefined;
    const pooler =
      topology.pooler === "pgbouncer"
        ? new Pooler(
            `${name}-pooler`,
            {
              cluster,
              network,
              region,
              image: images.pooler,
              plan: topology.database,
              database,
              password: credentials.apply((secrets) => secrets.databaseShop),
            },
            inside,
          )
        : undefined;
    const monitoring =
      topology.monitoring === "prometheus"
        ? new Monitoring(`${name}-monitoring`, { rules: args.rules, alerts, region }, inside)
        : undefined;
    const identity =
      topology.mail === "smtp" ? new MailIdentity(`${name}-mail`, { domain, hostedZoneId, region }, inside) : undefined;
    const secrets = new ShopSecrets(
      `${name}-secret`,
      {
        topology,
        credentials,
        sentry: settings.sentry === true && monitoring !== undefined,
        databaseHost: pooler?.host ?? database.primary.address,
        databasePort: pooler === undefined ? databasePort : poolerPort,
        cacheUrl: cache?.url,
        queueUrl: queue?.url,
        replicaHosts: database.replicas.map(({ address }) => address),
      },
      inside,
    );
    const granted = cluster.grantSecrets("secrets", secrets.arns);
    const entrance = new Entrance(
      `${name}-entrance`,
      { settings, topology, network, credentials, cdn: topology.cdn !== "none", files: args.files },
      inside,
    );
    const tasks = new DataTasks(
      `${name}-tasks`,
      { settings, topology, network, cluster, database, credentials },
      inside,
    );
    const running = { ...args, network, cluster, database, pooler, monitoring, identity, secrets };
    const mailWorker =
      queue === undefined
        ? undefined
        : new MailWorker(
            `${name}-mail-worker`,
            { ...running, queue },
            { parent: this, dependsOn: [granted, tasks.schema] },
          );
    const web = new Web(
      `${name}-web`,
      { ...running, entrance, cache, queue },
      { parent: this, dependsOn: [granted, tasks.schema, ...(mailWorker === undefined ? [] : [mailWorker])] },
    );
    emptiedOutbox(`${name}-outbox`, { queue, web, tasks }, inside);
    const { archiving, months } = tasks.follow({ dependsOn: [web.service.service] });
    // Before there are tasks, that there are none is no alarm.
    new Alarms(
      name,
      { alarms: shopAlarms(entrance.balancer, database), alerts },
      { parent: this, dependsOn: [web.service.service] },
    );
    new Spending(name, { usdPerMonth: settings.budgetUsdPerMonth, address: settings.alertAddress }, inside);
    alerts.close();
    this.url = `https://${domain}`;
    this.handles = pulumi.output({
      cluster: cluster.cluster.arn,
      logGroup: cluster.logs.name,
      services: {
        web: web.service.service.name,
        pooler: pooler?.service.service.name,
        mailWorker: mailWorker?.service.service.name,
      },
      targetGroup: entrance.balancer.targets.arn,
      database: database.primary.identifier,
      replicas: database.replicas.map(({ identifier }) => identifier),
      databaseParameters: database.parameters,
      cache: cache?.id,
      queue: queue?.id,
      distribution: entrance.distribution,
      prometheus: monitoring?.workspace.prometheusEndpoint,
      tasks: tasks.place,
      schedules: { archiving: archiving?.schedule.name, months: months?.schedule.name },
    });
    this.registerOutputs();
  }
}
