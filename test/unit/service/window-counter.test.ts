import { describe, expect, it } from "vitest";
import { WindowCounter } from "../../../service/limits/window-counter.ts";

describe("counting in windows", () => {
  function counterAt(start: number) {
    const clock = { now: start };
    const counter = new WindowCounter({ points: 2, windowSeconds: 60 }, () => clock.now);
    return { clock, counter };
  }

  it("lets so many through from the first on, then none until the window ends", () => {
    const { clock, counter } = counterAt(5_000);
    expect(counter.count("a")).toEqual({ allowed: true, remaining: 1, resetSeconds: 60 });
    clock.now += 30_500;
    expect(counter.count("a")).toEqual({ allowed: true, remaining: 0, resetSeconds: 30 });
    expect(counter.count("a")).toEqual({ allowed: false, remaining: 0, resetSeconds: 30 });
    expect(counter.count("b")).toEqual({ allowed: true, remaining: 1, resetSeconds: 60 });
    clock.now += 29_499;
    expect(counter.count("a")).toEqual({ allowed: false, remaining: 0, resetSeconds: 1 });
    clock.now += 1;
    expect(counter.count("a")).toEqual({ allowed: true, remaining: 1, resetSeconds: 60 });
  });

  it("gives back and clears", () => {
    const { clock, counter } = counterAt(0);
    counter.count("a");
    counter.giveBack("a");
    expect(counter.count("a").remaining).toBe(1);
    counter.clear("a");
    expect(counter.count("a").remaining).toBe(1);
    clock.now += 60_000;
    counter.giveBack("a");
    expect(counter.count("a").remaining).toBe(1);
  });

  it("forgets clients whose windows ended", () => {
    const { clock, counter } = counterAt(0);
    for (let client = 0; client < 1_000; client += 1) counter.count(`client ${client}`);
    expect(counter.size).toBe(1_000);
    clock.now += 60_000;
    counter.count("later");
    expect(counter.size).toBe(1_001);
    clock.now += 60_000;
    counter.count("later still");
    expect(counter.size).toBe(2);
    clock.now += 120_000;
    counter.count("much later");
    expect(counter.size).toBe(1);
  });

  it("holds at most the windows of twice their length, however long it counts", () => {
    const { clock, counter } = counterAt(0);
    let most = 0;
    for (let client = 0; client < 10_000; client += 1) {
      clock.now += 60;
      counter.count(`client ${client}`);
      most = Math.max(most, counter.size);
    }
    expect(most).toBeLessThanOrEqual(2_000);
  });

  it("holds a bounded number of windows that have not ended, and those that are counted in go last", () => {
    const { counter } = counterAt(0);
    let most = 0;
    for (let client = 0; client < 250_000; client += 1) {
      counter.count(`client ${client}`);
      if (client % 20_000 === 0) counter.count("tried again and again");
      most = Math.max(most, counter.size);
    }
    expect(most).toBeLessThanOrEqual(100_001);
    expect(counter.count("tried again and again").allowed).toBe(false);
  });
});
