import type { SignalName, Step, Trigger } from "../phases/step.ts";
import { evidenceOf } from "./evidence.ts";
import type { Measurements } from "./measurement.ts";
import { signalOf } from "./signals.ts";

/** The one resource that is nearest to, or furthest over, its threshold. */
export interface Binding {
  readonly signal: SignalName;
  readonly resource: string;
  readonly value: number;
  readonly threshold: number;
  /** `value / threshold`: 1 and more is over. */
  readonly ratio: number;
  readonly unit: string;
  /** Resources that could not be read: one of them may be nearer. */
  readonly unknown: readonly SignalName[];
}

/** The binding constraint over all steps' thresholds, done steps' included; null when no resource could be read. */
export function bindingOf(steps: readonly Step[], measurements: Measurements): Binding | null {
  const triggers = steps
    .flatMap((step) => step.triggers)
    .filter(({ signal }) => signalOf(signal).resource !== undefined);
  const known = triggers.flatMap((trigger) => candidate(trigger, measurements));
  const [first, ...others] = known;
  if (first === undefined) return null;
  const unknown = new Set(
    triggers.map(({ signal }) => signal).filter((name) => !known.some(({ signal }) => signal === name)),
  );
  const nearest = others.reduce((best, one) => (one.ratio > best.ratio ? one : best), first);
  return { ...nearest, unknown: [...unknown] };
}

function candidate(trigger: Trigger, measurements: Measurements): readonly Omit<Binding, "unknown">[] {
  const [evidence] = evidenceOf(trigger, measurements);
  const { resource } = signalOf(trigger.signal);
  if (evidence === undefined || evidence.value === null || resource === undefined) return [];
  const { signal, value, threshold, unit } = evidence;
  return [{ signal, resource, value, threshold, ratio: value / threshold, unit }];
}
