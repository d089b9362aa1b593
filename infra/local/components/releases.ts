import * as pulumi from "@pulumi/pulumi";
import { dirname, join } from "node:path";
import { installation } from "../../installation.ts";
import { contentHash } from "../release/content-hash.ts";
import { Release } from "./resources.ts";
import type { Needed, ShopContext } from "./shop-context.ts";

/** The builds that run: the shop's, the mail sink's, the backup's, the exporter's and the guard's, each by the hash of its content. */
export class Releases extends pulumi.ComponentResource {
  readonly shop: Release;
  readonly mailSink: Release;
  readonly backup: Release;
  /** Only where something watches. */
  readonly pgbouncerExporter: Release | undefined;
  /** Only where a second database server is. */
  readonly replicationGuard: Release | undefined;
  /** Content hash of the shop's build. */
  readonly shopHash: string;
  /** Hash of its migrations. */
  readonly migrationsHash: string;

  constructor(
    name: string,
    { environment, topology }: ShopContext,
    needs: readonly Needed[],
    options: pulumi.ComponentResourceOptions,
  ) {
    super("shopctl:components:Releases", name, {}, options);
    this.shopHash = contentHash(installation.serviceRelease);
    this.migrationsHash = contentHash(join(installation.serviceRelease, "migrations"));
    const release = (part: string, source: string, hash = contentHash(source)): Release =>
      new Release(
        part,
        { releases: environment.paths.releases, source, hash, node: installation.node },
        { parent: this, dependsOn: [...needs] },
      );
    this.shop = release("shop", installation.serviceRelease, this.shopHash);
    this.mailSink = release("mail-sink-program", dirname(installation.mailSink));
    this.backup = release("backup-program", dirname(installation.backup));
    this.pgbouncerExporter =
      topology.monitoring === "none" || topology.pooler === "none"
        ? undefined
        : release("pgbouncer-exporter-program", dirname(installation.pgbouncerExporter));
    this.replicationGuard =
      topology.replicas === 0
        ? undefined
        : release("replication-guard-program", dirname(installation.replicationGuard));
    this.registerOutputs();
  }
}
