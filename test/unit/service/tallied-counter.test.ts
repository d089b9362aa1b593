import { Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { TalliedCounter } from "../../../service/metrics/tallied-counter.ts";

describe("a counter with tallies", () => {
  const make = () => {
    const registry = new Registry();
    const counter = new TalliedCounter({
      name: "asked_total",
      help: "Asked",
      labelNames: ["by"],
      registers: [registry],
    });
    return { registry, counter };
  };
  const valuesOf = async (counter: TalliedCounter<"by">) =>
    (await counter.get()).values.map(({ labels, value }) => [labels.by, value]);

  it("has what was added by either way, each once, however often it is read", async () => {
    const { registry, counter } = make();
    const [one, another] = [counter.tally({ by: "shopper" }), counter.tally({ by: "shopper" })];
    one.add();
    another.add(2);
    counter.inc({ by: "shopper" });
    counter.inc({ by: "probe" }, 5);
    expect(await valuesOf(counter)).toEqual([
      ["shopper", 4],
      ["probe", 5],
    ]);
    expect(await registry.metrics()).toContain('asked_total{by="shopper"} 4');
    one.add();
    // As the workers of an instance tell each other.
    expect(await registry.getMetricsAsJSON()).toMatchObject([{ values: [{ value: 5 }, { value: 5 }] }]);
  });

  it("has no series for a tally that nothing was added to", async () => {
    const { counter } = make();
    counter.tally({ by: "shopper" });
    expect(await valuesOf(counter)).toEqual([]);
  });
});
