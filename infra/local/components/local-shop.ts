import * as pulumi from "@pulumi/pulumi";
import type { QueryPlan } from "../../../service/contract/query-plans.ts";
import type { QueryTime } from "../../../service/contract/query-times.ts";
import { databasePlans } from "../../topology/database-plans.ts";
import { Archiving } from "./archiving.ts";
import { Backups } from "./backups.ts";
import { Cdn } from "./cdn.ts";
import { Cache } from "./cache.ts";
import { Database } from "./database.ts";
import { Faults } from "./faults.ts";
import { Partitioning } from "./partitioning.ts";
import { Mail } from "./mail.ts";
import { MailQueue } from "./mail-queue.ts";
import { Monitoring } from "./monitoring.ts";
import { Pooler } from "./pooler.ts";
import { Releases } from "./releases.ts";
import { Replicas } from "./replicas.ts";
import { Supervisor } from "./resources.ts";
import type { ShopContext } from "./shop-context.ts";
import { Web } from "./web.ts";

/**
 * A whole shop on this machine. The order of everything that happens to it follows from what needs what here:
 * supervisor → releases, database → schema → pooler, cache, mail, CDN → mail worker, replicas → instances → router →
 * purge of the CDN, monitoring; deletions go the other way.
 */
export class LocalShop extends pulumi.ComponentResource {
  /** Where shoppers reach it. */
  readonly url: pulumi.Output<string>;
  /** Content hash of the release that runs. */
  readonly release: string;
  /** What the last build of indexes did for the queries that they serve; undefined without them. */
  readonly queryPlans: pulumi.Output<readonly QueryPlan[]> | undefined;
  /** What the optimised queries took before and after; undefined without them. */
  readonly queryTimes: pulumi.Output<readonly QueryTime[]> | undefined;
  /** Undefined on a plan without them. */
  readonly backups: Backups | undefined;
  readonly archiving: Archiving;
  readonly partitioning: Partitioning;
  /** Undefined while nothing watches. */
  readonly monitoring: Monitoring | undefined;

  constructor(name: string, context: ShopContext, options: pulumi.ComponentResourceOptions = {}) {
    super("shopctl:components:LocalShop", name, {}, options);
    const inside = { parent: this };
    const { topology, environment } = context;
    const supervisor = new Supervisor("supervisor", { paths: environment.paths }, inside);
    const first = [supervisor];
    const releases = new Releases("releases", context, first, inside);
    const database = new Database("database", context, { first, releases }, inside);
    const mail = new Mail("mail", context, { first, releases }, inside);
    const pooler =
      topology.pooler === "pgbouncer" ? [new Pooler("pooler", context, [database.schema], inside).pgbouncer] : [];
    const cache = topology.cache === "redis" ? [new Cache("cache", context, first, inside).redis] : [];
    this.backups = databasePlans[topology.database].backups
      ? new Backups("backups", context, { first: [database.schema], releases }, inside)
      : undefined;
    this.archiving = new Archiving("archiving", context, { first: [database.schema], releases }, inside);
    // What moved out need not be laid out anew, and one task at a time is enough for the database.
    const layout = { first: [database.schema, this.archiving.archive], releases };
    this.partitioning = new Partitioning("partitioning", context, layout, inside);
    const delivers = [database.schema, mail.sink, ...pooler];
    const workers =
      topology.mailDelivery === "queue"
        ? [new MailQueue("mail-queue", context, { first, delivers, releases }, inside).worker]
        : [];
    const cdn =
      releases.cdnControl === undefined
        ? undefined
        : new Cdn("cdn", context, { first, program: releases.cdnControl }, inside);
    const faults =
      releases.faultSink === undefined
        ? []
        : [new Faults("faults", context, { first, program: releases.faultSink }, inside).sink];
    const replicas = new Replicas("replicas", context, { first: [database.schema], releases }, inside);
    const needs = {
      first: [...delivers, ...cache, ...workers, ...faults, ...replicas.ready],
      releases,
      cdn: cdn === undefined ? [] : [cdn.cache, cdn.control],
    };
    const web = new Web("web", context, needs, inside);
    const serving = [releases.shopHash, ...(releases.canary === undefined ? [] : [releases.canary.hash])];
    cdn?.purgeAfter(web.router, context, serving.join(" and "));
    const watched = {
      database: database.schema,
      mailSink: mail.sink,
      pooler: pooler[0],
      poolerExporter: releases.pgbouncerExporter,
      cache: cache[0],
      mailWorker: workers[0],
      replicas: replicas.servers,
      web,
    };
    this.monitoring =
      topology.monitoring === "none" ? undefined : new Monitoring("monitoring", context, watched, inside);
    this.queryPlans = database.indexes?.plans;
    this.queryTimes = database.queries?.times;
    this.url = web.router.url;
    this.release = releases.shopHash;
    this.registerOutputs();
  }
}
