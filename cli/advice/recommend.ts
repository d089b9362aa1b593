import type { Topology } from "../../infra/topology/topology.ts";
import type { Step, Trigger } from "../phases/step.ts";
import { bindingOf, type Binding } from "./binding.ts";
import { evidenceOf, type Evidence } from "./evidence.ts";
import { levelOf } from "./level.ts";
import type { Measurements } from "./measurement.ts";
import { truthOf } from "./truth.ts";

/**
 * `soon` needs a forecast, which this version does not make: it is never given, rather than guessed.
 * `blocked` is a step that is due while one that it needs is not done.
 */
export type Verdict = "done" | "due" | "soon" | "not-yet" | "blocked" | "insufficient-evidence";

export interface StepAdvice {
  readonly id: string;
  readonly phase: number;
  readonly title: string;
  readonly verdict: Verdict;
  /** What makes the step due: its own evidence, or the user count alone; null when it is not due. */
  readonly dueBy: "evidence" | "users" | null;
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
  readonly binding: Binding | null;
  /** Why `binding` is null. */
  readonly bindingMissing: string | null;
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
}

/** A verdict and its evidence for every step, and the resource that breaches first. */
export function recommend(input: AdviceInput): Recommendation {
  const { environment, now, steps, measurements } = input;
  const binding = bindingOf(steps, measurements);
  const users = measurements.of.get("users");
  return {
    schema: "shopctl.recommend/2",
    environment,
    generatedAt: now,
    source: input.source,
    users: users === undefined ? null : (levelOf(users, measurements.now)?.value ?? null),
    binding,
    bindingMissing: binding === null ? "no resource could be read: every metric is missing" : null,
    steps: steps.map((step) => adviceOf(step, input)),
  };
}

function adviceOf(step: Step, input: AdviceInput): StepAdvice {
  const { topology, measurements, costOf } = input;
  const done = step.isDone(topology);
  const needs = step.needs
    .map((need) => need.step)
    .filter((id) => !input.steps.some((one) => one.id === id && one.isDone(topology)));
  const dueBy = done ? null : dueByOf(step.triggers, measurements);
  return {
    id: step.id,
    phase: step.phase,
    title: step.title,
    verdict: verdictOf({
      done,
      due: dueBy !== null,
      blocked: needs.length > 0,
      known: allKnown(step.triggers, measurements),
    }),
    dueBy,
    evidence: distinct(step.triggers.flatMap((trigger) => evidenceOf(trigger, measurements))),
    usdPerMonthNow: costOf(topology),
    usdPerMonthAfter: done ? costOf(topology) : costOf(step.apply(topology)),
    needs: done ? [] : needs,
  };
}

/** Due beats missing, because any one trigger is enough; missing beats not yet, because the missing one could be it. */
function verdictOf(facts: { done: boolean; due: boolean; blocked: boolean; known: boolean }): Verdict {
  if (facts.done) return "done";
  if (facts.due) return facts.blocked ? "blocked" : "due";
  return facts.known ? "not-yet" : "insufficient-evidence";
}

function dueByOf(triggers: readonly Trigger[], measurements: Measurements): "evidence" | "users" | null {
  const firing = triggers.filter((trigger) => truthOf(trigger, measurements) === "yes");
  if (firing.length === 0) return null;
  return firing.every(({ signal }) => signal === "users") ? "users" : "evidence";
}

function allKnown(triggers: readonly Trigger[], measurements: Measurements): boolean {
  return triggers.every((trigger) => truthOf(trigger, measurements) !== "unknown");
}

/** A condition that several triggers share is one piece of evidence. */
function distinct(evidence: readonly Evidence[]): readonly Evidence[] {
  const isFirst = (one: Evidence, index: number): boolean =>
    evidence.findIndex(({ signal, threshold }) => signal === one.signal && threshold === one.threshold) === index;
  return evidence.filter(isFirst);
}
