import { describe, expect, it } from "vitest";
import { gateRules } from "../../../cli/rollout/gate.ts";
import { rollOut } from "../../../cli/rollout/roll-out.ts";
import { planned } from "./planned.ts";
import { RecordedWorld } from "./recorded-world.ts";

/** What a rollout looks at before it judges a step; the verdicts themselves are `gate.test.ts`'. */
describe("the gate of a rollout", () => {
  it("sends probes from the update to the end of the gate when shoppers are few", async () => {
    const world = new RecordedWorld();
    world.shoppersPerSecond = 1;
    const [record] = await rollOut(planned("cache-redis"), world, gateRules(5));
    expect([record?.state, record?.gate?.probes?.sent, world.probing]).toEqual(["done", 60, "stopped"]);
  });

  it("sends probes for one more window when a CDN answered every shopper", async () => {
    const world = new RecordedWorld();
    world.shoppersAreCached = true;
    const [record] = await rollOut(planned("cache-redis"), world, gateRules(5));
    expect([record?.state, record?.gate?.probes?.sent, world.probing]).toEqual(["done", 60, "stopped"]);
  });

  it.each([
    ["an instance was too busy for a scrape as one opens", "web-1", 40],
    ["an instance was too busy for a scrape as one opens, and probes run already", "web-1", 1],
    ["the router was too busy for a scrape as one opens", "router", 40],
  ])("watches one more window when %s", async (_, missed, shoppers) => {
    const world = new RecordedWorld();
    world.misses = (nth) => (nth === 3 ? missed : "");
    world.shoppersPerSecond = shoppers;
    const [record] = await rollOut(planned("cache-redis"), world, gateRules(5));
    expect([record?.state, record?.gate?.outcome, world.probing]).toEqual(["done", "passed", "stopped"]);
    expect(record?.traffic?.window.gaps).toEqual([]);
  });

  it("counts a step's failures from a scrape that has the router: one that missed it is taken again", async () => {
    const world = new RecordedWorld();
    world.misses = (nth) => (nth === 2 ? "router" : "");
    world.errorsDuringStep = 1;
    const [record] = await rollOut(planned("cache-redis"), world, gateRules(5));
    expect([record?.state, record?.reasons?.[0]]).toEqual(["returned", "server-errors: 1, limit 0"]);
  });

  it.each([2, 3])("asks again when it is refused what runs (question %i after the update)", async (refused) => {
    const world = new RecordedWorld();
    world.refuses = (nth) => nth === refused;
    const [record] = await rollOut(planned("cache-redis"), world, gateRules(5));
    expect([record?.state, record?.gate?.outcome]).toEqual(["done", "passed"]);
  });

  it.each(["web-1", "router"])(
    "cannot tell while %s cannot be scraped, whatever others count, and says so",
    async (name) => {
      const world = new RecordedWorld();
      world.misses = (nth) => (nth >= 3 ? name : "");
      world.errorsDuringStep = name === "router" ? 1 : 0;
      const [record] = await rollOut(planned("cache-redis"), world, gateRules(5));
      expect([record?.state, record?.gate?.outcome]).toEqual(["returned", "inconclusive"]);
      expect(record?.reasons?.join()).toContain(`${name} not scraped after`);
    },
  );

  it("takes a step back whose gate cannot tell, where nobody can be asked", async () => {
    const world = new RecordedWorld();
    world.silentWindows = 2;
    const [record] = await rollOut(planned("cache-redis"), world, gateRules(5));
    expect([record?.state, record?.gate?.outcome, record?.reasons?.[0]]).toEqual([
      "returned",
      "inconclusive",
      "the gate is inconclusive, nobody could be asked",
    ]);
    expect(record?.decisions?.map(({ choice, by }) => [choice, by])).toEqual([["roll-back", "rule"]]);
  });

  it("keeps a step whose gate cannot tell when a person says so", async () => {
    const world = new RecordedWorld();
    world.silentWindows = 2;
    world.decisions = ["keep"];
    const [record] = await rollOut(planned("cache-redis"), world, gateRules(5));
    expect([record?.state, record?.gate?.outcome, record?.decisions?.length]).toEqual(["done", "inconclusive", 1]);
  });

  it("watches on when a person wants more, and goes by what it then sees", async () => {
    const world = new RecordedWorld();
    world.silentWindows = 2;
    world.decisions = ["wait-more"];
    const [record] = await rollOut(planned("cache-redis"), world, gateRules(5));
    expect([record?.state, record?.gate?.outcome, record?.decisions?.map(({ choice }) => choice)]).toEqual([
      "done",
      "passed",
      ["wait-more"],
    ]);
    // Probes of all windows count together.
    expect(record?.gate?.probes?.sent).toBe(120);
  });
});
