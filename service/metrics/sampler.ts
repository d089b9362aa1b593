import { performance, type EventLoopUtilization } from "node:perf_hooks";
import type { CacheAside } from "../cache/cache-aside.ts";
import type { Database } from "../store/database.ts";
import { readCostlyStatements, type CostlyStatement } from "../store/costly-statements.ts";
import { readServerFigures, type ServerFigures } from "../store/server-figures.ts";
import { countUnmailedOrders } from "../store/unmailed-orders.ts";
import { readScanFigures } from "../store/scan-figures.ts";
import { readStatementFigures, type StatementFigures } from "../store/statement-figures.ts";
import { publishScans } from "./scan-metrics.ts";
import { readTableFigures } from "../store/table-figures.ts";
import type { ShopMetrics } from "./shop-metrics.ts";
import { publishTables } from "./table-metrics.ts";

const sampleEveryMs = 5_000;
/** Figures of the database older than this are withdrawn: a missing value is honest, an old one is not. */
const staleAfterMs = 30_000;

/** Keeps the metrics that nothing in a request updates. */
export class Sampler {
  readonly #metrics: ShopMetrics;
  readonly #database: Database;
  readonly #cache: CacheAside;
  readonly #mailsInline: boolean;
  #timer: NodeJS.Timeout | undefined;
  #asking = false;
  #sampledAt = performance.now();
  #loop: EventLoopUtilization | undefined;

  constructor(
    metrics: ShopMetrics,
    { database, cache, mailsInline }: { database: Database; cache: CacheAside; mailsInline: boolean },
  ) {
    this.#metrics = metrics;
    this.#database = database;
    this.#cache = cache;
    this.#mailsInline = mailsInline;
  }

  start(): void {
    this.#sample();
    this.#timer = setInterval(() => this.#sample(), sampleEveryMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Values that are known at once; called at every scrape. */
  refresh(): void {
    this.#metrics.poolInUse.set(this.#database.connectionsInUse);
    this.#metrics.cacheBytes.set(this.#cache.bytes);
    for (const { name: replica, isInUse, lagMs } of this.#database.replicaStates) {
      this.#metrics.replicaInUse.set({ replica }, isInUse ? 1 : 0);
      if (lagMs === undefined) this.#metrics.replicaLag.remove({ replica });
      else this.#metrics.replicaLag.set({ replica }, lagMs / 1_000);
    }
  }

  #sample(): void {
    const loop = performance.eventLoopUtilization();
    if (this.#loop !== undefined) {
      this.#metrics.eventLoopUtilization.set(performance.eventLoopUtilization(loop, this.#loop).utilization);
    }
    this.#loop = loop;
    // A question that is still open, e.g. behind a paused pooler, is not asked again.
    if (!this.#asking) void this.#askDatabase();
    if (performance.now() - this.#sampledAt > staleAfterMs) this.#withdraw();
  }

  async #askDatabase(): Promise<void> {
    this.#asking = true;
    try {
      this.#publish(await readServerFigures(this.#database));
      publishScans(this.#metrics.scans, await readScanFigures(this.#database));
      if (this.#mailsInline) this.#metrics.mailUnsent.set(await countUnmailedOrders(this.#database));
      this.#publishStatements(await readStatementFigures(this.#database));
      this.#publishCostly(await readCostlyStatements(this.#database));
      publishTables(this.#metrics.tables, await readTableFigures(this.#database));
      this.#sampledAt = performance.now();
    } catch {
      // Counted as missing; that the database is away is seen and logged where requests need it.
    } finally {
      this.#asking = false;
    }
  }

  #publish(figures: ServerFigures): void {
    const metrics = this.#metrics;
    metrics.serverConnections.set(figures.connections);
    metrics.serverConnectionsMax.set(figures.connectionsMax);
    metrics.dbSize.set(figures.sizeBytes);
    metrics.users.set(figures.users);
    metrics.mailLastDay.set(figures.mailsLastDay);
    // A counter that belongs to the database: its value is taken over, not added up.
    metrics.dbActive.reset();
    metrics.dbActive.inc(figures.activeSeconds);
  }

  #publishStatements(figures: StatementFigures | undefined): void {
    this.#metrics.dbStatements.reset();
    for (const [statement, seconds] of Object.entries(figures ?? {}))
      this.#metrics.dbStatements.inc({ statement }, seconds);
  }

  #publishCostly(statements: readonly CostlyStatement[]): void {
    this.#metrics.dbCostly.reset();
    for (const { label: statement, seconds } of statements) this.#metrics.dbCostly.inc({ statement }, seconds);
  }

  #withdraw(): void {
    const { serverConnections, serverConnectionsMax, dbSize, users, mailLastDay, mailUnsent, dbActive } = this.#metrics;
    for (const metric of [serverConnections, serverConnectionsMax, dbSize, users, mailLastDay, mailUnsent, dbActive])
      metric.remove();
    publishScans(this.#metrics.scans, []);
    this.#publishStatements(undefined);
    this.#publishCostly([]);
    publishTables(this.#metrics.tables, undefined);
  }
}
