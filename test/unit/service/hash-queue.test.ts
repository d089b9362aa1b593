import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { HashQueue, PasswordsBusy } from "../../../service/accounts/hash-queue.ts";

interface Hash {
  end(): void;
  fail(error: Error): void;
}

/** A queue whose hashes end when the test says so. */
class World {
  readonly queue: HashQueue;
  readonly running: Hash[] = [];
  readonly results: string[] = [];

  constructor(options: { readonly atOnce?: number; readonly maxWaiting?: number } = {}) {
    this.queue = new HashQueue({ atOnce: 1, maxWaiting: 20, together: 4, ...options });
  }

  ask(...names: readonly string[]): void {
    for (const name of names) {
      const hash = (): Promise<string> =>
        new Promise((resolve, reject) => {
          this.running.push({ end: () => resolve(name), fail: reject });
        });
      this.queue.run(hash).then(
        (result) => this.results.push(result),
        (error: Error) => this.results.push(`${name}: ${error.message}`),
      );
    }
  }

  async end(error?: Error): Promise<void> {
    await nextTurn();
    const hash = this.running.shift();
    if (error === undefined) hash?.end();
    else hash?.fail(error);
    await nextTurn();
  }
}

describe("hashes in turn", () => {
  it("run as many at once as there are places, in the order of asking", async () => {
    const world = new World({ atOnce: 2 });
    world.ask("a", "b", "c");
    await nextTurn();
    expect(world.running).toHaveLength(2);
    await world.end();
    expect(world.running).toHaveLength(2);
    await world.end();
    await world.end();
    expect(world.results).toEqual(["a", "b", "c"]);
  });

  it("give a result at once when nobody waits", async () => {
    const world = new World();
    world.ask("a");
    await world.end();
    world.ask("b", "c");
    await world.end();
    expect(world.results).toEqual(["a", "b"]);
    await world.end();
    expect(world.results).toEqual(["a", "b", "c"]);
  });

  it("give results four at a time while others wait, and the last ones as soon as nobody does", async () => {
    const world = new World();
    world.ask("a", "b", "c", "d", "e", "f", "g");
    const given: string[] = [];
    for (let ended = 0; ended < 7; ended += 1) {
      await world.end();
      given.push(world.results.toSorted().join(""));
    }
    expect(given).toEqual(["", "", "", "abcd", "abcd", "abcdef", "abcdefg"]);
  });

  it("a hash that fails lets those that are held go like any other, and gives its place away", async () => {
    const world = new World();
    world.ask("a", "b", "c");
    await world.end();
    expect(world.results).toEqual([]);
    await world.end(new Error("broken"));
    expect(world.results.toSorted()).toEqual(["a", "b: broken"]);
    await world.end();
    expect(world.results.toSorted()).toEqual(["a", "b: broken", "c"]);
  });

  it("refuses beyond those that may wait", async () => {
    const world = new World({ maxWaiting: 2 });
    world.ask("a", "b", "c");
    await expect(world.queue.run(() => Promise.resolve("d"))).rejects.toBeInstanceOf(PasswordsBusy);
    for (let ended = 0; ended < 3; ended += 1) await world.end();
    expect(world.results.toSorted()).toEqual(["a", "b", "c"]);
  });
});
