import fc from "fast-check";
import { expect, test } from "vitest";
import { instancePoolSize, poolerPoolSize } from "../../../infra/topology/connection-budget.ts";
import { databasePlans } from "../../../infra/topology/database-plans.ts";

const lookups = 2;
const reserved = 3;

test("two generations, of whatever kind and of up to eight instances, fit into each plan", () => {
  const generation = fc.record({
    mode: fc.constantFrom("direct" as const, "pooled" as const),
    instances: fc.integer({ min: 1, max: 8 }),
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(databasePlans)),
      generation,
      generation,
      ({ maxConnections }, before, after) => {
        const connections = ({ mode, instances }: typeof before): number =>
          mode === "pooled"
            ? poolerPoolSize(maxConnections)
            : instances * instancePoolSize("direct", maxConnections, { instances, workers: 1 });
        // Two pooled generations share the one pooler.
        const both =
          before.mode === "pooled" && after.mode === "pooled"
            ? connections(after)
            : connections(before) + connections(after);
        expect(both + lookups + reserved).toBeLessThanOrEqual(maxConnections);
      },
    ),
  );
});

test("sizes at the plans of the product", () => {
  expect([poolerPoolSize(25), poolerPoolSize(100)]).toEqual([10, 47]);
  expect([
    instancePoolSize("direct", 25, { instances: 1, workers: 1 }),
    instancePoolSize("direct", 25, { instances: 8, workers: 1 }),
    instancePoolSize("direct", 100, { instances: 1, workers: 1 }),
    instancePoolSize("pooled", 25, { instances: 1, workers: 1 }),
    instancePoolSize("pooled", 100, { instances: 1, workers: 2 }),
  ]).toEqual([10, 1, 20, 20, 40]);
});
