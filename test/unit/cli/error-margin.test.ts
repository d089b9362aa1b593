import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mostErrorsAlike } from "../../../cli/rollout/error-margin.ts";

const requests = fc.integer({ min: 1, max: 1_000_000 });
const sample = requests.chain((sent) =>
  fc.record({ requests: fc.constant(sent), errors: fc.integer({ min: 0, max: sent }) }),
);

describe("the most errors that are no worse than before", () => {
  it("are none where none were before", () => {
    fc.assert(
      fc.property(requests, requests, (before, now) => mostErrorsAlike({ errors: 0, requests: before }, now) === 0),
    );
  });

  it("are never fewer than the same share, and never more than all", () => {
    fc.assert(
      fc.property(sample, requests, (before, now) => {
        const most = mostErrorsAlike(before, now);
        return most >= Math.floor((now * before.errors) / before.requests) && most <= now;
      }),
    );
  });

  it("are a smaller share the more requests were seen: the margin is for chance alone", () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 100_000 }), fc.integer({ min: 1, max: 50 }), (sent, percent) => {
        const share = (scale: number): number =>
          mostErrorsAlike({ errors: (sent * scale * percent) / 100, requests: sent * scale }, sent * scale) /
          (sent * scale);
        return share(100) <= share(1) + 1 / sent;
      }),
    );
  });

  it("catch a share that doubled over a thousand requests", () => {
    expect(mostErrorsAlike({ errors: 50, requests: 1_000 }, 1_000)).toBeLessThan(100);
  });
});
