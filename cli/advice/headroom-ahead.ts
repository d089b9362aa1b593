import type { Topology } from "../../infra/topology/topology.ts";
import type { CapacityResult } from "../planning/capacity/capacity-result.ts";
import { headroom, type Headroom } from "../planning/capacity/headroom.ts";
import { diffTopologies } from "../planning/topology-diff.ts";
import { predictCapacity } from "../planning/capacity/predict-capacity.ts";
import { forecastOf, type Breach } from "./forecast.ts";
import { levelOf } from "./level.ts";
import type { Measurements } from "./measurement.ts";
import { lackOf } from "./truth.ts";

/** How much more the running topology can serve: the peak of the last days against a measured knee. */
export interface HeadroomAhead extends Headroom {
  /** `measured` of what runs, or `predicted` from what was measured of another topology. */
  readonly capacity: "measured" | "predicted";
  /** The result that it is from. */
  readonly capacityId: string;
  /** ISO 8601: when that was measured. */
  readonly capacityAt: string;
  /** Whether the search ended before the knee, so that capacity is at least this. */
  readonly isLeast: boolean;
  /** Users at which the peak is the capacity, if each goes on asking as much; null while nobody asks for anything. */
  readonly usersAtCapacity: number | null;
  /** When that is; null when it is now, when nothing says so, or not within a year. */
  readonly breach: Breach | null;
  /** What grows there: the requests, or, with too few days of them, the users; null without a date. */
  readonly breachBy: "requests" | "users" | null;
}

export interface HeadroomInput {
  readonly environment: string;
  readonly topology: Topology;
  readonly measurements: Measurements;
  /** Measured capacities, newest first. */
  readonly capacities: readonly CapacityResult[];
}

/** The headroom, or why it is not known and what would tell. */
export function headroomAhead(input: HeadroomInput): HeadroomAhead | { readonly missing: string } {
  const { environment, topology, measurements } = input;
  const capacity = capacityOf(input);
  const measure = `shopctl load capacity --env ${environment}`;
  if (capacity === undefined) return { missing: `no capacity was measured of what runs: ${measure}` };
  if (topology.cdn !== "none") return { missing: "the CDN answers requests that the shop does not count" };
  const requests = measurements.of.get("request-rate");
  const lack = lackOf(requests);
  const level = requests && lack === null ? levelOf(requests, measurements.now) : undefined;
  if (level === undefined) return { missing: lack ?? "no request was counted" };
  const room = headroom(level.value, capacity.perSecond);
  if (room === undefined) return { missing: `no rate was kept when the capacity was measured: ${measure}` };
  const usersAtCapacity = usersAt(room, measurements);
  return {
    ...room,
    capacity: capacity.kind,
    capacityId: capacity.from.id,
    capacityAt: capacity.from.at,
    isLeast: capacity.from.ended !== "breach",
    usersAtCapacity,
    ...(room.used >= 1
      ? { breach: null, breachBy: null }
      : dateOf(room.capacityPerSecond, usersAtCapacity, measurements)),
  };
}

interface Capacity {
  readonly kind: HeadroomAhead["capacity"];
  readonly from: CapacityResult;
  readonly perSecond: number;
}

/** Of what runs, else what the newest of another topology says of it. */
function capacityOf({ capacities, topology }: HeadroomInput): Capacity | undefined {
  const own = capacities.find((result) => diffTopologies(result.topology, topology).length === 0);
  if (own !== undefined) return { kind: "measured", from: own, perSecond: own.kneePerSecond };
  for (const from of capacities) {
    const prediction = predictCapacity(from, topology);
    if (prediction !== undefined) return { kind: "predicted", from, perSecond: prediction.capacityPerSecond };
  }
  return undefined;
}

function usersAt({ factor }: Headroom, { of, now }: Measurements): number | null {
  const users = of.get("users");
  const count = users && levelOf(users, now)?.value;
  return count === undefined || !Number.isFinite(factor) ? null : Math.floor(count * factor);
}

/** By the way of the requests themselves; where there are too few days of them, by that of the users. */
function dateOf(
  perSecond: number,
  usersAtCapacity: number | null,
  measurements: Measurements,
): Pick<HeadroomAhead, "breach" | "breachBy"> {
  const ways = [
    { by: "requests", measurement: measurements.of.get("request-rate"), threshold: perSecond },
    { by: "users", measurement: measurements.of.get("users"), threshold: usersAtCapacity },
  ] as const;
  for (const { by, measurement, threshold } of ways) {
    const forecast = measurement && forecastOf(measurement, measurements.now);
    if (threshold === null || forecast === undefined || "missing" in forecast) continue;
    const breach = forecast.breachOf(threshold) ?? null;
    return { breach, breachBy: breach === null ? null : by };
  }
  return { breach: null, breachBy: null };
}
