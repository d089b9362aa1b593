import { expect, test } from "vitest";
import { overlaps, portBlocks, portPlanOf, portsOf } from "../../../infra/environment/port-plan.ts";

test("every block's ports are different, inside the block, and no two blocks share one", () => {
  const all = portBlocks("/var/lib/shopctl").flatMap((first) =>
    portsOf(portPlanOf(first)).map((port) => ({ first, port })),
  );
  expect(new Set(all.map(({ port }) => port)).size).toBe(all.length);
  expect(all.every(({ first, port }) => port >= first && port < first + 100)).toBe(true);
  expect(Math.max(...all.map(({ port }) => port))).toBeLessThan(32_768);
});

test("plans of the same block overlap, of different ones not", () => {
  expect(overlaps(portPlanOf(20_000), portPlanOf(20_000))).toBe(true);
  expect(overlaps(portPlanOf(20_000), portPlanOf(20_100))).toBe(false);
});

test("state homes try the same blocks, each beginning elsewhere", () => {
  const [one, other] = [portBlocks("/var/lib/shopctl"), portBlocks("/home/ada/.local/state/shopctl")];
  expect(one[0]).not.toBe(other[0]);
  expect(new Set(one)).toEqual(new Set(other));
  expect(one).toHaveLength(127);
});
