import * as pulumi from "@pulumi/pulumi";
import { Redis } from "./resources.ts";
import type { Needed, ShopContext } from "./shop-context.ts";

/**
 * Memory of the cache. The seed names offers, not a size; its free one has 30 MB, and 5,000 products of 4 KB with the
 * sessions and limit counters of 20,000 users take about twice that.
 */
const cacheMemoryMiB = 64;

/** Redis, which all instances share. */
export class Cache extends pulumi.ComponentResource {
  readonly redis: Redis;

  constructor(
    name: string,
    { environment, credentials }: ShopContext,
    needs: readonly Needed[],
    options: pulumi.ComponentResourceOptions,
  ) {
    super("shopctl:components:Cache", name, {}, options);
    this.redis = new Redis(
      "redis",
      {
        paths: environment.paths,
        port: environment.ports.redis,
        maxMemoryMiB: cacheMemoryMiB,
        password: credentials.redis,
      },
      { parent: this, dependsOn: [...needs] },
    );
    this.registerOutputs();
  }
}
