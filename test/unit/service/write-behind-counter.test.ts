import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Counting, SharedCount } from "../../../service/limits/shared-counter.ts";
import { WriteBehindCounter } from "../../../service/limits/write-behind-counter.ts";

const points = 20;

/** Several processes that count in one place; what is counted comes back when the test says so. */
class World {
  now = 0;
  isAway = false;
  readonly #counts = new Map<string, { count: number; endsAtMs: number }>();
  readonly #waiting: (() => void)[] = [];

  process(): WriteBehindCounter {
    const begin = ({ key, windowMs, counted, failed }: Counting): void => {
      this.#waiting.push(() => {
        if (this.isAway) return failed(new Error("away"));
        const before = this.#counts.get(key);
        const window =
          before !== undefined && before.endsAtMs > this.now ? before : { count: 0, endsAtMs: this.now + windowMs };
        window.count += 1;
        this.#counts.set(key, window);
        counted({ count: window.count, leftMs: window.endsAtMs - this.now });
      });
    };
    const count = (key: string, windowMs: number): Promise<SharedCount> =>
      new Promise((resolve, reject) => begin({ key, windowMs, counted: resolve, failed: reject }));
    return new WriteBehindCounter({ begin, count }, { points, windowSeconds: 60 }, () => this.now);
  }

  async answer(): Promise<void> {
    for (const answer of this.#waiting.splice(0)) answer();
    await nextTurn();
  }
}

describe("counting behind the verdict", () => {
  async function answered<T>(world: World, counted: T | Promise<T>): Promise<T> {
    await world.answer();
    return await counted;
  }

  async function passedOf(counted: readonly ReturnType<WriteBehindCounter["count"]>[]): Promise<number> {
    const verdicts = await Promise.all(counted.map(async (one) => await one));
    return verdicts.filter((verdict) => verdict?.allowed === true).length;
  }

  it("waits for none, and says what is left as far as it has heard", async () => {
    const world = new World();
    const [process, other] = [world.process(), world.process()];
    expect(process.count("a")).toEqual({ allowed: true, remaining: 19, resetSeconds: 60 });
    await world.answer();
    world.now += 10_000;
    expect(process.count("a")).toEqual({ allowed: true, remaining: 18, resetSeconds: 50 });
    await world.answer();
    expect(other.count("a")).toEqual({ allowed: true, remaining: 19, resetSeconds: 60 });
    await world.answer();
    expect(other.count("a")).toEqual({ allowed: true, remaining: 16, resetSeconds: 50 });
  });

  it("waits while one is on its way, so that a burst is counted exactly", async () => {
    const world = new World();
    const process = world.process();
    await answered(world, process.count("a"));
    const burst = Array.from({ length: 40 }, () => process.count("a"));
    expect(burst.filter((one) => !(one instanceof Promise))).toHaveLength(1);
    await world.answer();
    expect(await passedOf(burst)).toBe(points - 1);
    const ofAnother = Array.from({ length: 40 }, () => process.count("b"));
    expect(ofAnother.filter((one) => !(one instanceof Promise))).toHaveLength(1);
    await world.answer();
    expect(await passedOf(ofAnother)).toBe(points);
  });

  it("is exact when several processes are asked in turn, and refuses until the window ends", async () => {
    const world = new World();
    const processes = [world.process(), world.process(), world.process()];
    let passed = 0;
    for (let round = 0; round < 12; round += 1) {
      const verdicts = processes.map((process) => process.count("a"));
      await world.answer();
      passed += await passedOf(verdicts);
    }
    expect(passed).toBe(points);
    world.now += 60_000;
    expect(await answered(world, processes[0]!.count("a"))).toMatchObject({ allowed: true, remaining: 19 });
  });

  it("lets through one more in a process that heard nothing while the limit was used up elsewhere", async () => {
    const world = new World();
    const [idle, busy] = [world.process(), world.process()];
    await answered(world, idle.count("a"));
    for (let count = 1; count < points; count += 1) await answered(world, busy.count("a"));
    expect(await answered(world, busy.count("a"))).toMatchObject({ allowed: false });
    expect(await answered(world, idle.count("a"))).toMatchObject({ allowed: true });
    expect(await answered(world, idle.count("a"))).toMatchObject({ allowed: false });
  });

  it("lets through one more in a process that never heard of the client, and no second", async () => {
    const world = new World();
    const [busy, other] = [world.process(), world.process()];
    for (let count = 0; count < points; count += 1) await answered(world, busy.count("a"));
    const late = Array.from({ length: 5 }, () => other.count("a"));
    await world.answer();
    expect(await passedOf(late)).toBe(1);
    expect(await answered(world, other.count("a"))).toMatchObject({ allowed: false, resetSeconds: 60 });
  });

  it("begins again when the window ended there before it did here", async () => {
    const world = new World();
    const process = world.process();
    await answered(world, process.count("a"));
    for (let count = 0; count < 3; count += 1) await answered(world, process.count("a"));
    // The count arrives in the next window.
    world.now += 59_999;
    const last = process.count("a");
    world.now += 1;
    await answered(world, last);
    expect(process.count("a")).toEqual({ allowed: true, remaining: 18, resetSeconds: 60 });
  });

  it("knows nothing while the counts do not come, and what was counted there once they do", async () => {
    const world = new World();
    const process = world.process();
    await answered(world, process.count("a"));
    world.isAway = true;
    const meanwhile = [process.count("a"), process.count("a")];
    await world.answer();
    expect(await passedOf(meanwhile.slice(0, 1))).toBe(1);
    expect(await meanwhile[1]).toBeUndefined();
    expect(await answered(world, process.count("a"))).toMatchObject({ allowed: true });
    world.isAway = false;
    world.now += 20_000;
    await answered(world, process.count("a"));
    expect(await answered(world, process.count("a"))).toEqual({ allowed: true, remaining: 17, resetSeconds: 40 });
  });
});
