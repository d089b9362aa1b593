import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../infra/environment/environment.ts";
import type { Session } from "../adapters/session.ts";
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
export async function fillShop(session: Session, size: ShopSize): Promise<void> {
  await (await session.target()).fill(size);
  await writeDurably(mark(session.environment), `${JSON.stringify(size, undefined, 2)}\n`);
}

function mark({ paths }: Environment): string {
  return join(paths.root, "filled.json");
}
