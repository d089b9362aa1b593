import type { Topology } from "../../infra/topology/topology.ts";
import type { SignalName } from "../phases/step.ts";
import type { Reading, Signal, SignalInput } from "./signal.ts";
import { cacheSignals } from "./signals/cache.ts";
import { databaseSignals } from "./signals/database.ts";
import { instanceSignals } from "./signals/instances.ts";
import { mailAndLimitSignals } from "./signals/mail-and-limits.ts";
import { readSignals } from "./signals/reads.ts";
import { scanSignals } from "./signals/scans.ts";
import { secondsBetween, type Snapshot } from "./snapshot.ts";

/** The one table of signals: what each means, what a Prometheus would be asked, and how it is read from scrapes. */
export const signals: readonly Signal[] = [
  ...databaseSignals,
  ...scanSignals,
  ...readSignals,
  ...instanceSignals,
  ...cacheSignals,
  ...mailAndLimitSignals,
];

type Listed = (
  | typeof databaseSignals
  | typeof scanSignals
  | typeof readSignals
  | typeof instanceSignals
  | typeof cacheSignals
  | typeof mailAndLimitSignals
)[number]["name"];

/** The table's entry of a name; does not compile while a step can ask for a signal that the table does not have. */
export function signalOf(name: SignalName): Signal {
  const listed: Listed = name;
  const signal = signals.find((candidate) => candidate.name === listed);
  if (signal === undefined) throw new TypeError(`no signal ${name}`);
  return signal;
}

/** A signal as it was read at one time. */
export interface Measurement {
  readonly signal: Signal;
  /** What a Prometheus would be asked for the same. */
  readonly query: string;
  /** 0 for what is read at one moment. */
  readonly windowSeconds: number;
  readonly reading: Reading;
}

export type Measurements = ReadonlyMap<SignalName, Measurement>;

/** Reads every signal of the table. */
export function measure(input: SignalInput): Measurements {
  return new Map(signals.map((signal) => [signal.name, measureOne(signal, input)]));
}

function measureOne(signal: Signal, input: SignalInput): Measurement {
  const over = { window: input.snapshots, history: input.history, instant: [] }[signal.over];
  const windowSeconds = spanOf(over);
  const reading = signal.read(input);
  return { signal, query: queryOf(signal, windowSeconds, input.topology), windowSeconds, reading: finite(reading) };
}

function queryOf(signal: Signal, windowSeconds: number, topology: Topology): string {
  return signal.query(`${Math.max(1, Math.round(windowSeconds))}s`, topology);
}

function spanOf(snapshots: readonly Snapshot[]): number {
  const [first, last] = [snapshots.at(0), snapshots.at(-1)];
  return first === undefined || last === undefined ? 0 : Math.round(secondsBetween(first, last) * 10) / 10;
}

/** The last guard: no NaN or infinity leaves as a value. */
function finite(reading: Reading): Reading {
  if ("missing" in reading || Number.isFinite(reading.value)) return reading;
  return { missing: `the value is ${reading.value}, not a number to compare` };
}
