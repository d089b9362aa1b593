import type { Topology } from "../../infra/topology/topology.ts";
import type { SignalName, Step, Trigger } from "../phases/step.ts";
import type { CapacityResult } from "../planning/capacity/capacity-result.ts";
import { constraintsOf, type Constraint } from "./constraints.ts";
import { evidenceOf, type Evidence } from "./evidence.ts";
import type { Breach } from "./forecast.ts";
import { headroomAhead, type HeadroomAhead } from "./headroom-ahead.ts";
import { levelOf } from "./level.ts";
import type { Measurements } from "./measurement.ts";
import { truthOf, type Truth } from "./truth.ts";

/**
 * - `soon`: not due yet, but the early edge of its breach is nearer than its lead time and two weeks.
 * - `blocked`: due while a step that it needs is not done.
 */
export type Verdict = "done" | "due" | "soon" | "not-yet" | "blocked" | "insufficient-evidence";

export interface StepAdvice {
  readonly id: string;
  readonly phase: number;
  readonly title: string;
  readonly verdict: Verdict;
  /** What makes the step due: its own evidence, or the user count alone; null when it is not due. */
  readonly dueBy: "evidence" | "users" | null;
  /** Whether its own evidence asks for it, and whether the user count does: they may contradict each other. */
  readonly byEvidence: Truth;
  readonly byUsers: Truth;
  /** The earliest breach of any of its conditions; null when it is due or done, or nothing is known of one within a year. */
  readonly breach: Breach | null;
  /** From the decision to the effect, as the last runs took, or as the step says. */
  readonly leadTimeMinutes: number;
  readonly risk: Step["risk"];
  readonly evidence: readonly Evidence[];
  readonly usdPerMonthNow: number;
  readonly usdPerMonthAfter: number;
  /** Steps that must be done first and are not. */
  readonly needs: readonly string[];
}

/** What `scale recommend --json` prints. */
export interface Recommendation {
  readonly schema: "shopctl.recommend/2";
  readonly environment: string;
  readonly generatedAt: string;
  /** Where the metrics came from, in words. */
  readonly source: string;
  /** Null when no instance exports the count. */
  readonly users: number | null;
  /** The resource that breaches first; null when none could be read. */
  readonly binding: Constraint | null;
  /** Why `binding` is null. */
  readonly bindingMissing: string | null;
  /** What binds after it, in that order. */
  readonly later: readonly Constraint[];
  /** Resources that could not be read: one of them may bind earlier. */
  readonly unknown: readonly SignalName[];
  /** Null when it is not known: `headroomMissing` says why, and what would tell. */
  readonly headroom: HeadroomAhead | null;
  readonly headroomMissing: string | null;
  readonly steps: readonly StepAdvice[];
}

export interface AdviceInput {
  readonly environment: string;
  /** ISO 8601. */
  readonly now: string;
  readonly topology: Topology;
  readonly steps: readonly Step[];
  readonly measurements: Measurements;
  /** Where these came from, in words. */
  readonly source: string;
  /** What a topology costs a month, in USD. */
  readonly costOf: (topology: Topology) => number;
  /** Capacities that were measured of this environment, newest first; none where not given. */
  readonly capacities?: readonly CapacityResult[];
  /** How long the last runs of a step took, in minutes; undefined without any. */
  readonly lastRunsMinutes?: (step: string) => number | undefined;
}

/** What is decided two weeks ahead can be prepared, agreed to and taken back without haste. */
const aheadDays = 14;
const dayMs = 86_400_000;

/** A verdict and its evidence for every step, and the resources in the order in which they breach. */
export function recommend(input: AdviceInput): Recommendation {
  const { environment, now, steps, measurements, topology } = input;
  const { chain, unknown } = constraintsOf(steps, measurements, topology);
  const [binding = null, ...later] = chain;
  const users = measurements.of.get("users");
  const room = headroomAhead({ environment, topology, measurements, capacities: input.capacities ?? [] });
  return {
    schema: "shopctl.recommend/2",
    environment,
    generatedAt: now,
    source: input.source,
    users: users === undefined ? null : (levelOf(users, measurements.now)?.value ?? null),
    binding,
    bindingMissing: binding === null ? "no resource could be read: every metric is missing" : null,
    later,
    unknown,
    ...("missing" in room
      ? { headroom: null, headroomMissing: room.missing }
      : { headroom: room, headroomMissing: null }),
    steps: steps.map((step) => adviceOf(step, input)),
  };
}

function adviceOf(step: Step, input: AdviceInput): StepAdvice {
  const { topology, measurements, costOf } = input;
  const done = step.isDone(topology);
  const needs = step.needs
    .map((need) => need.step)
    .filter((id) => !input.steps.some((one) => one.id === id && one.isDone(topology)));
  const byEvidence = anyOf(
    step.triggers.filter(({ signal }) => signal !== "users"),
    measurements,
  );
  const byUsers = anyOf(
    step.triggers.filter(({ signal }) => signal === "users"),
    measurements,
  );
  const dueBy = byEvidence === "yes" ? "evidence" : byUsers === "yes" ? "users" : null;
  const leadTimeMinutes = Math.max(step.leadTimeMinutes, input.lastRunsMinutes?.(step.id) ?? 0);
  const breach = done || dueBy !== null ? null : earliestBreach(step.triggers, measurements);
  return {
    id: step.id,
    phase: step.phase,
    title: step.title,
    verdict: verdictOf({
      done,
      due: dueBy !== null,
      blocked: needs.length > 0,
      soon: breach !== null && isNear(breach, input.now, leadTimeMinutes),
      known: byEvidence !== "unknown" && byUsers !== "unknown",
    }),
    dueBy: done ? null : dueBy,
    byEvidence,
    byUsers,
    breach,
    leadTimeMinutes,
    risk: step.risk,
    evidence: distinct(step.triggers.flatMap((trigger) => evidenceOf(trigger, measurements))),
    usdPerMonthNow: costOf(topology),
    usdPerMonthAfter: done ? costOf(topology) : costOf(step.apply(topology)),
    needs: done ? [] : needs,
  };
}

interface Facts {
  readonly done: boolean;
  readonly due: boolean;
  readonly blocked: boolean;
  readonly soon: boolean;
  readonly known: boolean;
}

/** Due beats missing, because any one trigger is enough; missing beats not yet, because the missing one could be it. */
function verdictOf(facts: Facts): Verdict {
  if (facts.done) return "done";
  if (facts.due) return facts.blocked ? "blocked" : "due";
  if (facts.soon) return "soon";
  return facts.known ? "not-yet" : "insufficient-evidence";
}

/** Kleene's three-valued "or"; without any trigger "no". */
function anyOf(triggers: readonly Trigger[], measurements: Measurements): Truth {
  const truths = triggers.map((trigger) => truthOf(trigger, measurements));
  if (truths.includes("yes")) return "yes";
  return truths.includes("unknown") ? "unknown" : "no";
}

/**
 * By the early edge. A condition that only counts together with another has no date: that a resource is used up while
 * shoppers are served in time makes nothing due.
 */
function earliestBreach(triggers: readonly Trigger[], measurements: Measurements): Breach | null {
  const alone = triggers.filter(({ onlyWith }) => onlyWith === undefined);
  const breaches = alone.flatMap((trigger) => evidenceOf(trigger, measurements).flatMap(({ breach }) => breach ?? []));
  const [first = null] = breaches.toSorted((left, right) => left.earliest.localeCompare(right.earliest));
  return first;
}

function isNear({ earliest }: Breach, now: string, leadTimeMinutes: number): boolean {
  return Date.parse(earliest) <= Date.parse(now) + aheadDays * dayMs + leadTimeMinutes * 60_000;
}

/** A condition that several triggers share is one piece of evidence. */
function distinct(evidence: readonly Evidence[]): readonly Evidence[] {
  const isFirst = (one: Evidence, index: number): boolean =>
    evidence.findIndex(({ signal, threshold }) => signal === one.signal && threshold === one.threshold) === index;
  return evidence.filter(isFirst);
}
