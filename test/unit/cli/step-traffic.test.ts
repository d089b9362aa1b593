import { describe, expect, it } from "vitest";
import type { ScrapedEndpoint } from "../../../cli/advice/snapshot.ts";
import { gateRules } from "../../../cli/rollout/gate.ts";
import { openTraffic } from "../../../cli/rollout/step-traffic.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { RecordedWorld } from "./recorded-world.ts";

const release = "0000000000bb";

/** A canary that answers none but a share of the probes, because a CDN answers the shoppers. */
class CanaryWorld extends RecordedWorld {
  canaryPerSecond = 0;
  #answered = 0;

  override async wait(ms: number, options: { readonly stoppable: boolean }) {
    await super.wait(ms, options);
    if (this.probing === "running") this.#answered += (ms / 1_000) * this.canaryPerSecond;
  }

  override async scrape() {
    const { at, endpoints } = await super.scrape();
    const sample = (name: string, labels: Readonly<Record<string, string>>, value: number) => ({ name, labels, value });
    const counted = [
      sample("haproxy_backend_http_requests_total", { proxy: "canary" }, this.#answered),
      sample("haproxy_backend_http_responses_total", { proxy: "canary", code: "5xx" }, 0),
    ];
    const web: ScrapedEndpoint = {
      job: "shop",
      instance: "web-9",
      samples: [
        sample("process_start_time_seconds", {}, 1),
        sample("shop_build_info", { release }, 1),
        sample("shop_http_requests_total", { status: "200" }, this.#answered),
        ...["0.05", "+Inf"].map((le) => sample("shop_http_request_duration_seconds_bucket", { le }, this.#answered)),
      ],
    };
    const withCanary = endpoints.map((one) =>
      one.job === "router" && "samples" in one ? { ...one, samples: [...one.samples, ...counted] } : one,
    );
    return { at, endpoints: [...withCanary, web] };
  }
}

async function judged(world: CanaryWorld, sharePercent: number) {
  const traffic = await openTraffic(world, gateRules(30), { release, sharePercent });
  await world.wait(2_000, { stoppable: false });
  await traffic.beginStep();
  const { verdict } = await traffic.judge(new Set());
  const requests = verdict.checks.find(({ check }) => check === "canary-requests")?.value ?? NaN;
  return [verdict.outcome, Math.round(requests), verdict.probes !== undefined];
}

describe("the traffic around a step", () => {
  it("of a canary that a CDN left without shoppers is that of probes, for one more window", async () => {
    const world = new CanaryWorld();
    world.canaryPerSecond = 0.6;
    expect(await judged(world, 10)).toEqual(["passed", 18, true]);
  });

  it("of a canary with a small share of a few probes is that of both windows together", async () => {
    const world = new CanaryWorld();
    world.shoppersPerSecond = 0;
    world.canaryPerSecond = 0.3;
    expect(await judged(world, 5)).toEqual(["passed", 18, true]);
  });

  it("counts a window longer before the step where some of a few requests failed, so that their share is known", async () => {
    const seconds = async (errors: number) => {
      const world = new RecordedWorld();
      const traffic = await openTraffic(world, gateRules(30));
      world.errorsDuringStep = errors;
      await world.update(baseline, "takes three seconds");
      await traffic.beginStep();
      return (await traffic.judge(new Set())).windows.before.windowSeconds;
    };
    expect([await seconds(0), await seconds(1)]).toEqual([3, 33]);
  });
});
