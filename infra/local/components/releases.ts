import * as pulumi from "@pulumi/pulumi";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { installation } from "../../installation.ts";
import { contentHash } from "../release/content-hash.ts";
import { Release } from "./resources.ts";
import type { Needed, ShopContext } from "./shop-context.ts";

/** Builds of the shop that are kept for a way back once nothing runs them. */
const keptReleases = 3;

/** The builds that run: the shop's, the mail sink's, the backup's, the exporter's and the guard's, each by the hash of its content. */
export class Releases extends pulumi.ComponentResource {
  readonly shop: Release;
  /** The next one, while a part of the shoppers tries it. */
  readonly canary: { readonly release: Release; readonly hash: string; readonly sharePercent: number } | undefined;
  /** The newest of both: its migrations are the schema's, on which both must run. */
  readonly newest: Release;
  readonly mailSink: Release;
  readonly backup: Release;
  /** Only where something watches. */
  readonly pgbouncerExporter: Release | undefined;
  /** Only where there is a CDN. */
  readonly cdnControl: Release | undefined;
  /** Only where something watches. */
  readonly faultSink: Release | undefined;
  /** Only where a second database server is. */
  readonly replicationGuard: Release | undefined;
  /** Content hash of the shop's build. */
  readonly shopHash: string;
  /** Hash of the newest one's migrations. */
  readonly migrationsHash: string;

  constructor(
    name: string,
    { environment, topology }: ShopContext,
    needs: readonly Needed[],
    options: pulumi.ComponentResourceOptions,
  ) {
    super("shopctl:components:Releases", name, {}, options);
    const { releases } = environment.paths;
    const { stable, canary } = topology.release ?? { stable: contentHash(installation.serviceRelease) };
    this.shopHash = stable;
    this.migrationsHash = contentHash(join(folderOf(releases, canary?.release ?? stable), "migrations"));
    const release = (part: string, source: string, { hash = contentHash(source), keep = 0 } = {}): Release =>
      new Release(
        part,
        { releases, source, hash, node: installation.node, ...(keep === 0 ? {} : { keep }) },
        { parent: this, dependsOn: [...needs] },
      );
    const shop = (part: string, hash: string): Release =>
      release(part, installation.serviceRelease, { hash, keep: keptReleases });
    this.shop = shop("shop", stable);
    this.canary =
      canary === undefined
        ? undefined
        : { release: shop("shop-canary", canary.release), hash: canary.release, sharePercent: canary.sharePercent };
    this.newest = this.canary?.release ?? this.shop;
    this.mailSink = release("mail-sink-program", dirname(installation.mailSink));
    this.backup = release("backup-program", dirname(installation.backup));
    this.faultSink =
      topology.monitoring === "none" ? undefined : release("fault-sink-program", dirname(installation.faultSink));
    this.cdnControl =
      topology.cdn === "none" ? undefined : release("cdn-control-program", dirname(installation.cdnControl));
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

/** Where a build of the shop stands: in the environment, or in the installation until its first update has copied it. */
function folderOf(releases: string, hash: string): string {
  const installed = join(releases, hash);
  return existsSync(installed) ? installed : installation.serviceRelease;
}
