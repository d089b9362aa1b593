import { recordingOf, type Recording } from "./recording.ts";
import { orQuiet, type MeteredSignal } from "./signal.ts";
import { signals } from "./signals.ts";
import { hoursKnown } from "./time-known.ts";
import { windowText } from "./windows.ts";

/** Records the values of a signal's windows; what only has values where something happened, as quiet where nothing did. */
export function recordingOfSignal({ name, over, query, needs, windowHours = 1 }: MeteredSignal): Recording {
  const value = query(windowText(windowHours * 3_600));
  return recordingOf(name, over === "event" ? orQuiet(`(${value})`, `(${needs.join(" and on () ")})`) : value);
}

/** How often the rules are evaluated. Prometheus looks back five minutes, so that one that is late leaves no hole. */
export const recordingSeconds = 120;

/** The rules that record all that advice asks weeks of: with them it need not read the scrapes of weeks each time. */
export function adviceRecordings(): readonly Recording[] {
  return [hoursKnown(), ...signals.filter((signal) => signal.over !== "host").map(recordingOfSignal)];
}
