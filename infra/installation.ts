import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Where this installation of shopctl keeps what it starts as processes of their own. Paths are absolute and point at
 * the build (`dist/`), which `scripts/build.ts` makes; the Node that runs shopctl runs them too.
 */
export const installation = describe(findRoot(import.meta.dirname));

export interface Installation {
  /** Folder of package.json. */
  readonly root: string;
  /** Node 24 or later. */
  readonly node: string;
  /** Pulumi program, for `main` in Pulumi.yaml. */
  readonly program: string;
  /** The same of the target `aws`. */
  readonly awsProgram: string;
  /** Lists what that program would make, by Pulumi's mocks. */
  readonly awsOutline: string;
  /** Folder of the provider plugin of the local target: index.js, package.json and `pulumi-resource-shopctl`. */
  readonly provider: string;
  /** Program of the mail sink. */
  readonly mailSink: string;
  /** Program that takes a backup. */
  readonly backup: string;
  /** Program that gives PgBouncer's statistics to Prometheus. */
  readonly pgbouncerExporter: string;
  /** Program that purges the CDN's cache and counts its requests. */
  readonly cdnControl: string;
  /** Program that takes the shop's faults as Sentry would. */
  readonly faultSink: string;
  /** Program that guards the database servers. */
  readonly replicationGuard: string;
  /** Prometheus rules. */
  readonly alertRules: string;
  /** Folder of Grafana's dashboards. */
  readonly dashboards: string;
  /** Folder of the service's release: main.js, migrate.js, seed.js, migrations/. */
  readonly serviceRelease: string;
}

function describe(root: string): Installation {
  const built = (...parts: string[]): string => join(root, "dist", ...parts);
  return {
    root,
    node: process.execPath,
    program: built("infra", "program", "index.js"),
    awsProgram: built("infra", "aws", "index.js"),
    awsOutline: built("infra", "aws-outline", "index.js"),
    provider: built("infra", "provider"),
    mailSink: built("infra", "mail-sink", "index.js"),
    backup: built("infra", "backup", "index.js"),
    pgbouncerExporter: built("infra", "pgbouncer-exporter", "index.js"),
    cdnControl: built("infra", "cdn-control", "index.js"),
    faultSink: built("infra", "fault-sink", "index.js"),
    replicationGuard: built("infra", "replication-guard", "index.js"),
    alertRules: built("infra", "monitoring", "rules.yml"),
    dashboards: built("infra", "monitoring"),
    serviceRelease: built("service"),
  };
}

function findRoot(from: string): string {
  // The build leaves package.json files of its own (module type) in dist/, so the root is the one beside tsconfig.json.
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json")) && existsSync(join(folder, "tsconfig.json"))) return folder;
    if (folder === dirname(folder)) throw new Error(`no shopctl installation around ${from}`);
  }
}
