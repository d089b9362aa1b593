import { diffTopologies, type TopologyChange } from "../topology-diff.ts";
import type { CapacityResult } from "./capacity-result.ts";

/** One figure of two results. */
export interface ComparedFigure {
  readonly name: string;
  readonly unit: string;
  readonly a: number | null;
  readonly b: number | null;
  /** b ÷ a; null where one is missing or a is 0. */
  readonly ratio: number | null;
}

/** What `load compare --json` prints. */
export interface CapacityComparison {
  readonly schema: "shopctl.load.compare/1";
  readonly a: string;
  readonly b: string;
  readonly changes: readonly TopologyChange[];
  readonly figures: readonly ComparedFigure[];
}

/** Two measured capacities, figure by figure, latency at each knee. */
export function compareCapacity(a: CapacityResult, b: CapacityResult): CapacityComparison {
  const [left, right] = [a, b].map(figuresOf);
  const names = [...new Set([...(left?.keys() ?? []), ...(right?.keys() ?? [])])];
  return {
    schema: "shopctl.load.compare/1",
    a: a.id,
    b: b.id,
    changes: diffTopologies(a.topology, b.topology),
    figures: names.map((name) => {
      const [one, other] = [left?.get(name), right?.get(name)];
      const ratio = one === undefined || other === undefined || one.value === 0 ? null : other.value / one.value;
      return { name, unit: (one ?? other)?.unit ?? "", a: one?.value ?? null, b: other?.value ?? null, ratio };
    }),
  };
}

function figuresOf(result: CapacityResult): ReadonlyMap<string, { readonly value: number; readonly unit: string }> {
  const { kneePerSecond, points, usl } = result;
  const knee = points.find(({ ratePerSecond, breach }) => breach === null && ratePerSecond === kneePerSecond);
  return new Map([
    ["knee", { value: kneePerSecond, unit: "requests/s" }],
    ...(knee === undefined ? [] : [["p95 at the knee", { value: knee.latencyMs.p95, unit: "ms" }] as const]),
    ...(knee?.resources ?? []).map(
      ({ name, cpuSecondsPerRequest }) =>
        [`${name} a request`, { value: cpuSecondsPerRequest * 1_000, unit: "ms of CPU" }] as const,
    ),
    ...(usl === null
      ? []
      : [
          ["λ", { value: usl.lambda, unit: "requests/s" }] as const,
          ["σ", { value: usl.sigma, unit: "" }] as const,
          ["κ", { value: usl.kappa, unit: "" }] as const,
        ]),
  ]);
}
