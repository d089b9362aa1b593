import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { Background } from "../background.ts";
import { cdnPurgePath } from "../contract/cdn.ts";
import type { ShopMetrics } from "../metrics/shop-metrics.ts";
import type { Cdn } from "./cdn.ts";

const timeoutMs = 2_000;
/** Whoever changed a price waits so long for the CDN to know it; after that it goes on behind the answer. */
const waitMs = 500;
/** Until then answers run out by themselves (`s-maxage`), so that trying longer is of no use. */
const retryAfterMs = [250, 1_000, 4_000];

export interface PurgingCdnOptions {
  readonly url: string;
  readonly key: string;
  readonly metrics: ShopMetrics;
  readonly logger: Logger;
  readonly background: Background;
}

/** Purges over HTTP. */
export class PurgingCdn implements Cdn {
  readonly #options: PurgingCdnOptions;

  constructor(options: PurgingCdnOptions) {
    this.#options = options;
  }

  async purge(paths: readonly string[]): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.#options.background.run("a purge of the CDN", () => this.#try(paths).finally(done.resolve));
    await Promise.race([done.promise, sleep(waitMs, undefined, { ref: false })]);
  }

  async #try(paths: readonly string[]): Promise<void> {
    const { metrics, logger } = this.#options;
    for (const waitMs of [0, ...retryAfterMs]) {
      if (waitMs > 0) await sleep(waitMs);
      const problem = await this.#ask(paths);
      metrics.cdnPurges.inc({ outcome: problem === undefined ? "done" : "failed" });
      if (problem === undefined) return;
      logger.warn({ paths, reason: problem }, "the CDN was not purged");
    }
  }

  /** Why it was not done; undefined when it was. */
  async #ask(paths: readonly string[]): Promise<string | undefined> {
    const { url, key } = this.#options;
    try {
      const response = await fetch(new URL(cdnPurgePath, url), {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify({ paths }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.body?.cancel();
      return response.ok ? undefined : `status ${response.status}`;
    } catch (error) {
      return error instanceof Error ? error.name : "no answer";
    }
  }
}
