import type { PlanBinding } from "./plan-binding.ts";
import { priceOn, targetNames, type TargetName } from "./cost.ts";

/**
 * Where the environment of a saved plan runs, by the bill that the plan is bound to: no two targets have the same lines for a
 * topology. Undefined where no target has these lines, as of a shopctl that named them otherwise; amounts may have moved.
 */
export function planTarget({ topology, prices }: Pick<PlanBinding, "topology" | "prices">): TargetName | undefined {
  const saved = itemsOf(prices.now);
  return targetNames.find((target) => itemsOf(priceOn(target)(topology).lines) === saved);
}

function itemsOf(lines: readonly { readonly item: string }[]): string {
  return lines.map(({ item }) => item).join("\n");
}
