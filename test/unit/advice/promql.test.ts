import { describe, expect, test } from "vitest";
import { checkPromql, PromqlError, withMatchers } from "../../../cli/advice/selectors.ts";
import { signals } from "../../../cli/advice/signals.ts";
import { steps } from "../../../cli/phases/index.ts";
import type { Trigger } from "../../../cli/phases/step.ts";
import { healthyShop } from "../../support/shop-courses.ts";
import { metricNames } from "../../../service/contract/metrics.ts";

const metered = signals.filter((signal) => signal.over !== "host");
const conditions = (trigger: Trigger): readonly Trigger[] =>
  trigger.onlyWith === undefined ? [trigger] : [trigger, ...conditions(trigger.onlyWith)];

describe("the table of signals", () => {
  test("has every signal that a step asks for, once", () => {
    const asked = steps.flatMap((step) => step.triggers.flatMap(conditions)).map(({ signal }) => signal);
    const names = signals.map(({ name }) => name);
    expect([...new Set(asked)].filter((name) => !names.includes(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(metered)("$name is PromQL, with and without an environment's own labels", ({ query }) => {
    for (const window of ["1s", "3600s"]) checkPromql(withMatchers(query(window), 'job="shop",env="prod"'));
  });

  test.each(metered)("$name needs what it asks for, of the contract's metrics", ({ query, needs }) => {
    const known = new Set<string>(Object.values(metricNames));
    for (const name of needs) {
      expect(query("1h")).toContain(name);
      expect(known).toContain(name.replace(/_bucket$/, ""));
    }
  });

  test.each(metered)("$name has its metrics in the healthy shop of the scenarios", ({ needs }) => {
    const exported = Object.keys(healthyShop(0)).map((series) => series.replace(/\{.*/, ""));
    for (const name of needs) expect(exported).toContain(name);
  });

  test("what is no PromQL is found", () => {
    expect(() => checkPromql("sum(rate(a[5m])")).toThrow(PromqlError);
    expect(() => checkPromql("rate(a[5x])")).toThrow(PromqlError);
  });
});

describe("an environment's labels", () => {
  test("go into every selector", () => {
    expect(withMatchers('a + sum by (le) (rate(b_bucket{x="1"}[5m] offset 1h))', 'job="shop"')).toBe(
      'a{job="shop"} + sum by (le) (rate(b_bucket{job="shop",x="1"}[5m] offset 1h))',
    );
    expect(withMatchers("a{}", '{job="shop",env=~"p.*"}')).toBe('a{job="shop",env=~"p.*"}');
  });

  test("do not contradict what a selector says of the same label", () => {
    expect(withMatchers('a{job="router"} / b', 'job="shop",env="x"')).toBe(
      'a{env="x",job="router"} / b{job="shop",env="x"}',
    );
  });

  test("are refused when they are anything else", () => {
    for (const bad of ["a=", 'x="1"} or y{', 'a="b"[5m]', "up"]) {
      expect(() => withMatchers("up", bad)).toThrow(PromqlError);
    }
  });
});
