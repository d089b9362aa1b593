import { z } from "zod";
import { topologySchema } from "../../infra/topology/topology.ts";
import { diffTopologies } from "./topology-diff.ts";

const verdictSchema = z.enum(["done", "due", "soon", "not-yet", "blocked", "insufficient-evidence"]);
const priceSchema = z.strictObject({ item: z.string(), usdPerMonth: z.number() });

/** Everything that a saved plan was computed from; when any of it moves, the plan is no longer what was agreed to. */
export const planBindingSchema = z.strictObject({
  /** Version of shopctl, and content hashes of the shop's release and of what changes infrastructure. */
  code: z.strictObject({ shopctl: z.string(), release: z.string(), infrastructure: z.string() }),
  /** Hash of the stack's resources and pending operations. */
  state: z.strictObject({ deployment: z.string() }),
  topology: topologySchema,
  /** Verdicts of the plan's steps, from the evidence at this moment. */
  metrics: z.strictObject({ takenAt: z.iso.datetime(), verdicts: z.record(z.string(), verdictSchema) }),
  /** Bill lines of the topology before the plan and of the one after it. */
  prices: z.strictObject({ now: z.array(priceSchema), after: z.array(priceSchema) }),
});
export type PlanBinding = z.infer<typeof planBindingSchema>;

/** One of the things that a plan is bound to, as it was and as it is now. */
export interface MovedBinding {
  readonly what: keyof PlanBinding;
  readonly was: string;
  readonly is: string;
}

/** Evidence that is older says nothing about now. */
export const evidenceMaxAgeHours = 24;

/** What moved between two bindings; without `metrics` in `now` everything but the evidence is compared. */
export function movedBetween(
  was: PlanBinding,
  now: Omit<PlanBinding, "metrics"> & { readonly metrics?: PlanBinding["metrics"] },
): readonly MovedBinding[] {
  return [
    ...moved("code", words(was.code), words(now.code)),
    ...moved("state", was.state.deployment.slice(0, 12), now.state.deployment.slice(0, 12)),
    ...diffTopologies(was.topology, now.topology).map(({ field, from, to }) => ({
      what: "topology" as const,
      was: `${field} ${from}`,
      is: `${field} ${to}`,
    })),
    ...moved("prices", prices(was.prices.now), prices(now.prices.now)),
    ...moved("prices", prices(was.prices.after), prices(now.prices.after)),
    ...(now.metrics === undefined ? [] : movedMetrics(was.metrics, now.metrics)),
  ];
}

function movedMetrics(was: PlanBinding["metrics"], now: PlanBinding["metrics"]): readonly MovedBinding[] {
  const ageHours = (Date.parse(now.takenAt) - Date.parse(was.takenAt)) / 3_600_000;
  const old =
    ageHours > evidenceMaxAgeHours
      ? [{ what: "metrics" as const, was: `evidence of ${was.takenAt}`, is: `${Math.floor(ageHours)} hours old` }]
      : [];
  const drifted = Object.entries(was.verdicts)
    // A plan that was made without evidence cannot be contradicted by evidence.
    .filter(([, verdict]) => verdict !== "insufficient-evidence")
    .flatMap(([id, verdict]) => moved("metrics", `${id} ${verdict}`, `${id} ${now.verdicts[id] ?? "unknown"}`));
  return [...old, ...drifted];
}

function moved(what: keyof PlanBinding, was: string, is: string): readonly MovedBinding[] {
  return was === is ? [] : [{ what, was, is }];
}

function words(record: Readonly<Record<string, string>>): string {
  return Object.entries(record)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}

function prices(lines: PlanBinding["prices"]["now"]): string {
  return lines.map(({ item, usdPerMonth }) => `${item} ${usdPerMonth.toFixed(2)}`).join(", ");
}
