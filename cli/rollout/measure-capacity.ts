import { availableParallelism } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { Topology } from "../../infra/topology/topology.ts";
import { CapacityStore } from "../adapters/capacity-store.ts";
import type { Session } from "../adapters/session.ts";
import { findKnee } from "../load/find-knee.ts";
import type { LoadTarget } from "../load/load-target.ts";
import { reachShop } from "../load/reach-shop.ts";
import { startTraffic } from "../load/traffic.ts";
import type { LoadObjectives } from "../planning/capacity/breach.ts";
import type { CapacityPoint, CapacityResult } from "../planning/capacity/capacity-result.ts";
import type { KneeBounds } from "../planning/capacity/knee-search.ts";
import { fitUsl } from "../planning/capacity/usl.ts";

export interface CapacityTask {
  readonly target: LoadTarget;
  readonly topology: Topology;
  readonly bounds: KneeBounds;
  readonly objectives: LoadObjectives;
  /** Before the first rate, so that shoppers are signed in and caches are warm. */
  readonly warmUpSeconds: number;
  readonly secondsPerRate: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly onPoint: (point: CapacityPoint) => void;
}

/** Every change of rate gets a moment before it counts. */
const settleSeconds = 2;

/** Finds the knee of what runs, fits the scalability law, and keeps both with the topology that they hold for. */
export async function measureCapacity(session: Session, task: CapacityTask): Promise<CapacityResult> {
  const { environment } = session;
  const { target, topology, bounds, objectives, signal } = task;
  const { baseUrl, users } = target;
  const host = await session.target();
  const at = new Date().toISOString();
  const hostCpus = availableParallelism();
  // No offices: what limits refuse is fast and would pass for capacity.
  const offices = { count: 0, share: 0 };
  const ratePerSecond = Math.min(bounds.firstRate, bounds.mostRate);
  const start = { baseUrl, users, seed: task.seed, ratePerSecond, offices };
  const traffic = await reachShop(baseUrl, () => startTraffic(start));
  try {
    task.say(`warming up for ${task.warmUpSeconds} s at ${ratePerSecond} requests a second …`);
    await waitSeconds(task.warmUpSeconds, signal);
    const knee = await findKnee({
      traffic,
      bounds,
      objectives,
      warmUpSeconds: settleSeconds,
      secondsPerRate: task.secondsPerRate,
      hostCpus,
      signal,
      observe: () => host.observe(),
      onPoint: task.onPoint,
    });
    const result: CapacityResult = {
      schema: "shopctl.capacity/1",
      id: at.replaceAll(/[:.]/g, "-"),
      environment: environment.name,
      at,
      topology,
      users,
      hostCpus,
      objectives,
      points: [...knee.points],
      kneePerSecond: knee.kneePerSecond,
      ended: knee.ended,
      usl: fitUsl(knee.points) ?? null,
    };
    if (knee.points.length > 0) await new CapacityStore(environment.paths.root).save(result);
    return result;
  } finally {
    await traffic.stop();
  }
}

async function waitSeconds(seconds: number, signal: AbortSignal): Promise<void> {
  await delay(seconds * 1_000, undefined, { signal }).catch(() => undefined);
}
