import type { SignalName, Step, Trigger } from "../phases/step.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import { evidenceOf, type Evidence } from "./evidence.ts";
import type { Breach } from "./forecast.ts";
import type { Measurements } from "./measurement.ts";
import { signalOf } from "./signals.ts";

/** A resource beside the threshold at which it is used up. */
export interface Constraint {
  readonly signal: SignalName;
  readonly resource: string;
  readonly value: number;
  readonly threshold: number;
  /** `value / threshold`: 1 and more is over. */
  readonly ratio: number;
  readonly unit: string;
  /** When it gets to its threshold; null when it is over, when nothing says so, or not within a year. */
  readonly breach: Breach | null;
  /** The step that gives more of it; null when every one is done. */
  readonly relievedBy: string | null;
}

/** The resource that breaches first, what breaches after it, and what could not be read. */
export interface Constraints {
  /** In the order in which they bind: what is over first, then by date, then by nearness. */
  readonly chain: readonly Constraint[];
  /** Resources that could not be read: one of them may bind earlier. */
  readonly unknown: readonly SignalName[];
}

/** Over all steps' thresholds, done steps' included; of a resource with several thresholds the first that it meets. */
export function constraintsOf(steps: readonly Step[], measurements: Measurements, topology: Topology): Constraints {
  const triggers = steps.flatMap((step) => step.triggers.map((trigger) => ({ step, trigger }))).filter(isResource);
  const bySignal = [...Map.groupBy(triggers, ({ trigger }) => trigger.signal)];
  const read = bySignal.map(([signal, asked]) => {
    const [lowest] = asked.toSorted((left, right) => left.trigger.atLeast - right.trigger.atLeast);
    const relief = asked.find(({ step }) => !step.isDone(topology));
    const evidence = lowest && evidenceOf(lowest.trigger, measurements)[0];
    const isQuiet = evidence?.quiet !== null && evidence?.breached === "no";
    return { signal, isQuiet, constraint: evidence && constraintOf(evidence, relief?.step.id ?? null) };
  });
  const chain = read.flatMap(({ constraint }) => (constraint === undefined ? [] : [constraint])).toSorted(byOrder);
  const unknown = read.filter(({ constraint, isQuiet }) => constraint === undefined && !isQuiet);
  return { chain, unknown: unknown.map(({ signal }) => signal) };
}

function isResource({ trigger }: { readonly trigger: Trigger }): boolean {
  return signalOf(trigger.signal).resource !== undefined;
}

/** A level that too little is known of to be judged is not one of a constraint; a lower bound is. */
function constraintOf(evidence: Evidence, relievedBy: string | null): Constraint | undefined {
  const { signal, value, threshold, unit, breach, decides } = evidence;
  const { resource } = signalOf(signal);
  if (value === null || !decides || resource === undefined) return undefined;
  return { signal, resource, value, threshold, ratio: value / threshold, unit, breach, relievedBy };
}

function byOrder(left: Constraint, right: Constraint): number {
  const isOver = (one: Constraint): boolean => one.ratio >= 1;
  if (isOver(left) || isOver(right)) return right.ratio - left.ratio;
  const dateOf = ({ breach }: Constraint): string => breach?.likely ?? "9999";
  return dateOf(left).localeCompare(dateOf(right)) || right.ratio - left.ratio;
}
