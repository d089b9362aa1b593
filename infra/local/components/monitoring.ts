import * as pulumi from "@pulumi/pulumi";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { installation } from "../../installation.ts";
import type { ScrapeTarget } from "../monitoring/prometheus-config.ts";
import { Alertmanager, Exporter, GrafanaFiles, Prometheus, type Release } from "./resources.ts";
import type { Needed, ShopContext } from "./shop-context.ts";
import type { Web } from "./web.ts";

/** The forecast needs at least a month; two show it the month before, too. */
const retentionDays = 60;
const retentionGiB = 2;
const operator = "operator@shop.example.test";
const sender = "alerts@shop.example.test";

/** What is there to be watched. */
export interface Watched {
  readonly database: Needed;
  readonly mailSink: Needed;
  readonly pooler: Needed | undefined;
  readonly poolerExporter: Release | undefined;
  readonly cache: Needed | undefined;
  readonly mailWorker: Needed | undefined;
  /** Further database servers, the first of them number 1. */
  readonly replicas: readonly Needed[];
  readonly web: Web;
}

/** Prometheus over everything that runs, with alerts that reach the operator by mail. */
export class Monitoring extends pulumi.ComponentResource {
  readonly prometheus: Prometheus;
  /** For a Grafana of the operator. */
  readonly grafanaFiles: GrafanaFiles;

  constructor(name: string, context: ShopContext, watched: Watched, options: pulumi.ComponentResourceOptions) {
    super("shopctl:components:Monitoring", name, {}, options);
    const { environment, credentials } = context;
    const { ports, paths } = environment;
    const exporter = (
      kind: "postgres" | "pgbouncer" | "redis",
      source: Needed | undefined,
      inputs: pulumi.Inputs,
    ): readonly Exporter[] =>
      source === undefined
        ? []
        : [new Exporter(`${kind}-exporter`, { paths, kind, ...inputs }, { parent: this, dependsOn: [source] })];
    const postgres = exporter("postgres", watched.database, {
      port: ports.postgresExporter,
      sourcePort: ports.postgres,
    });
    const replicas = watched.replicas.map(
      (replica, at) =>
        new Exporter(
          `postgres-exporter-${at + 1}`,
          {
            paths,
            kind: "postgres",
            server: at + 1,
            port: ports.replicaExporterFirst + at,
            sourcePort: ports.replicaFirst + at,
          },
          { parent: this, dependsOn: [replica, ...postgres] },
        ),
    );
    const pgbouncer = exporter("pgbouncer", watched.pooler, {
      port: ports.pgbouncerExporter,
      sourcePort: ports.pgbouncer,
      releaseFolder: watched.poolerExporter?.folder,
    });
    const redis = exporter("redis", watched.cache, {
      port: ports.redisExporter,
      sourcePort: ports.redis,
      password: credentials.redis,
    });
    const alertmanager = new Alertmanager(
      "alertmanager",
      {
        paths,
        port: ports.alertmanager,
        smtpPort: ports.mailSmtp,
        smtpPassword: credentials.smtp,
        from: sender,
        to: operator,
      },
      { parent: this, dependsOn: [watched.mailSink] },
    );
    const targets: pulumi.Input<ScrapeTarget>[] = [
      ...watched.web.servers.map(({ name: instance, internalPort }) =>
        pulumi.output({ job: "shop", instance, port: internalPort }),
      ),
      ...(watched.mailWorker === undefined
        ? []
        : [{ job: "mail-worker", instance: "mail-worker", port: ports.mailWorker }]),
      { job: "router", instance: "router", port: ports.routerMetrics },
      ...postgres.map(() => ({ job: "postgres", instance: "postgres", port: ports.postgresExporter })),
      ...replicas.map((_exporter, at) => ({
        job: "postgres",
        instance: `postgres-${at + 1}`,
        port: ports.replicaExporterFirst + at,
      })),
      ...pgbouncer.map(() => ({ job: "pgbouncer", instance: "pgbouncer", port: ports.pgbouncerExporter })),
      ...redis.map(() => ({ job: "redis", instance: "redis", port: ports.redisExporter })),
      ...(context.topology.cdn === "none" ? [] : [{ job: "cdn", instance: "cdn-control", port: ports.cdnControl }]),
      { job: "prometheus", instance: "prometheus", port: ports.prometheus },
      { job: "alertmanager", instance: "alertmanager", port: ports.alertmanager },
    ];
    this.prometheus = new Prometheus(
      "prometheus",
      {
        paths,
        environment: environment.name,
        port: ports.prometheus,
        alertmanagerPort: ports.alertmanager,
        targets,
        rules: readFileSync(installation.alertRules, "utf8"),
        retentionDays,
        retentionGiB,
      },
      { parent: this, dependsOn: [alertmanager, ...postgres, ...replicas, ...pgbouncer, ...redis, watched.web.router] },
    );
    this.grafanaFiles = new GrafanaFiles(
      "grafana-files",
      { paths, environment: environment.name, prometheusPort: ports.prometheus, dashboards: readDashboards() },
      { parent: this, dependsOn: [this.prometheus] },
    );
    this.registerOutputs();
  }
}

/** Grafana's dashboards of this release, by the names of their files. */
function readDashboards(): Record<string, string> {
  const files = readdirSync(installation.dashboards).filter((name) => name.endsWith(".json"));
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(installation.dashboards, name), "utf8")]));
}
