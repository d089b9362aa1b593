import { expect, it } from "vitest";
import { PositionTrack } from "../../../service/store/replicas/position-track.ts";

function track(...samples: readonly (readonly [atMs: number, position: number])[]): PositionTrack {
  const positions = new PositionTrack();
  for (const [atMs, position] of samples) positions.record(atMs, position);
  return positions;
}

it("knows no lag before the primary has said where it stands", () => {
  expect(track().lagMs(100, 0)).toBeUndefined();
});

it("a replica that has everything does not lag, however long nobody wrote", () => {
  expect(track([0, 100], [200, 100]).lagMs(100, 900_000)).toBe(0);
});

it("a replica is as old as the newest position that it has reached", () => {
  const positions = track([0, 100], [200, 150], [400, 220], [600, 300]);
  expect([99, 100, 219, 220, 299, 300].map((position) => positions.lagMs(position, 700))).toEqual([
    700, 700, 500, 300, 300, 0,
  ]);
});

it("forgets what is older than a minute, and then tells at least that", () => {
  const positions = track([0, 100], [30_000, 200], [80_000, 300]);
  expect(positions.lagMs(150, 80_000)).toBe(50_000);
});

it("starts over when another server with a shorter log takes the primary's place", () => {
  expect(track([0, 500], [200, 100]).lagMs(100, 300)).toBe(0);
});
