import { expect, test } from "vitest";
import { InFlight } from "../../../service/in-flight.ts";

test("what is under way is there from its beginning to its end", () => {
  const inFlight = new InFlight<{ name: string }>();
  const [a, b, c] = [{ name: "a" }, { name: "b" }, { name: "c" }];
  const slotOfA = inFlight.begin(a);
  const slotOfB = inFlight.begin(b);
  expect([inFlight.size, inFlight.all()]).toEqual([2, [a, b]]);
  inFlight.end(slotOfA);
  expect([inFlight.size, inFlight.all()]).toEqual([1, [b]]);
  const slotOfC = inFlight.begin(c);
  expect(inFlight.all()).toEqual([c, b]);
  inFlight.end(slotOfB);
  inFlight.end(slotOfC);
  expect([inFlight.size, inFlight.all()]).toEqual([0, []]);
});

test("takes as much room as was under way at once, however much there was", () => {
  const inFlight = new InFlight<object>();
  const slots = new Set<number>();
  for (let turn = 0; turn < 1_000; turn += 1) {
    const begun = [inFlight.begin({}), inFlight.begin({}), inFlight.begin({})];
    for (const slot of begun) slots.add(slot);
    for (const slot of begun) inFlight.end(slot);
  }
  expect(slots.size).toBe(3);
});
