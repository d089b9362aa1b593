import { setTimeout as sleep } from "node:timers/promises";
import type { Registry } from "prom-client";
import { buildServices, type Outlets } from "./build-services.ts";
import type { Config } from "./config.ts";
import { allAnswerPaths } from "./contract/cdn.ts";
import { createApp } from "./http/app.ts";
import type { Instance } from "./http/instance.ts";
import { Readiness } from "./http/readiness.ts";
import type { Services } from "./http/services.ts";
import { ShopServer } from "./http/shop-server.ts";
import { OutboxCleaner } from "./mail/outbox-cleaner.ts";
import { OutboxSampler } from "./metrics/outbox-sampler.ts";
import { Sampler } from "./metrics/sampler.ts";

/** One process that serves the shop's public routes, alone or as a worker among others. */
export class ShopProcess implements Instance {
  readonly #config: Config;
  readonly #services: Services;
  readonly #server: ShopServer;
  readonly #readiness: Readiness;
  readonly #sampler: Sampler;
  readonly #outbox: OutboxSampler;
  readonly #cleaner: OutboxCleaner;

  constructor(config: Config, outlets: Outlets) {
    this.#config = config;
    this.#services = buildServices(config, outlets);
    const { metrics, database, cache } = this.#services;
    this.#server = new ShopServer(createApp(this.#services));
    this.#readiness = new Readiness(database, () => this.#server.isDraining);
    this.#sampler = new Sampler(metrics, { database, cache, mailsInline: config.mailDelivery === "inline" });
    this.#outbox = new OutboxSampler(metrics.outbox, database, config.mail);
    this.#cleaner = new OutboxCleaner(database);
  }

  /** Rejects when the port is taken. */
  async listen(): Promise<void> {
    await this.#server.listen(this.#config.host, this.#config.httpPort);
    this.#readiness.start();
    this.#sampler.start();
    this.#outbox.start();
    this.#cleaner.start();
  }

  notReady(): string | undefined {
    return this.#readiness.reason;
  }

  metrics(): Promise<string> {
    return this.#refreshed().metrics();
  }

  /** Every series, to be added to those of other processes. */
  snapshot(): ReturnType<Registry["getMetricsAsJSON"]> {
    return this.#refreshed().getMetricsAsJSON();
  }

  async forget(): Promise<void> {
    await this.#services.cache.clear();
    await this.#services.cdn.purge(allAnswerPaths);
  }

  /** Answers what is in flight, then lets go of everything. After a fault that nobody caught it does not wait for the router. */
  async stop(fault?: unknown): Promise<void> {
    const { logger, faults } = this.#services;
    if (fault !== undefined) {
      logger.fatal({ err: fault }, "fault that nobody caught");
      faults.report(fault);
    }
    this.#server.drain();
    // Until the router has seen that this process is not ready, it goes on answering as before.
    if (fault === undefined) await sleep(this.#config.drainMs);
    await this.#server.close();
    this.#readiness.stop();
    this.#sampler.stop();
    await this.#services.background.settled();
    this.#outbox.stop();
    this.#cleaner.stop();
    this.#services.postOffice.close();
    await Promise.all([this.#services.database.close(), this.#services.cache.close(), faults.close()]);
  }

  #refreshed(): Registry {
    this.#sampler.refresh();
    return this.#services.metrics.registry;
  }
}
