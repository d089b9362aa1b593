import type { SignalName } from "../phases/step.ts";
import type { Signal } from "./signal.ts";
import { cdnSignals } from "./signals/cdn.ts";
import { cacheSignals } from "./signals/cache.ts";
import { databaseSignals } from "./signals/database.ts";
import { instanceSignals } from "./signals/instances.ts";
import { mailAndLimitSignals } from "./signals/mail-and-limits.ts";
import { readSignals } from "./signals/reads.ts";
import { scanSignals } from "./signals/scans.ts";
import { tableSignals } from "./signals/tables.ts";

/** The one table of signals: what each means, what a Prometheus is asked for it, and how much history it takes. */
export const signals: readonly Signal[] = [
  ...databaseSignals,
  ...scanSignals,
  ...readSignals,
  ...instanceSignals,
  ...cacheSignals,
  ...cdnSignals,
  ...mailAndLimitSignals,
  ...tableSignals,
];

type Listed = (
  | typeof databaseSignals
  | typeof scanSignals
  | typeof readSignals
  | typeof instanceSignals
  | typeof cacheSignals
  | typeof cdnSignals
  | typeof mailAndLimitSignals
  | typeof tableSignals
)[number]["name"];

/** The table's entry of a name; does not compile while a step can ask for a signal that the table does not have. */
export function signalOf(name: SignalName): Signal {
  const listed: Listed = name;
  const signal = signals.find((candidate) => candidate.name === listed);
  if (signal === undefined) throw new TypeError(`no signal ${name}`);
  return signal;
}
