import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../infra/environment/environment.ts";
import { writeDurably } from "../../infra/engine/write-durably.ts";

export interface ShopSize {
  readonly users: number;
  readonly products: number;
}

/** Whether an environment's shop was filled to the end before. */
export function isFilled(environment: Environment): boolean {
  return existsSync(mark(environment));
}

/** Fills an environment's shop and marks it as filled; one that was filled in part gets the rest. */
export async function fillShop(environment: Environment, size: ShopSize): Promise<void> {
  const [{ seedShop }, { forgetCaches }] = await Promise.all([
    import("../../infra/local/operations/seed.ts"),
    import("../../infra/local/operations/forget-caches.ts"),
  ]);
  await seedShop(environment, size);
  // Whoever asked before now has the empty shop in its cache.
  await forgetCaches(environment.paths);
  await writeDurably(mark(environment), `${JSON.stringify(size, undefined, 2)}\n`);
}

function mark({ paths }: Environment): string {
  return join(paths.root, "filled.json");
}
