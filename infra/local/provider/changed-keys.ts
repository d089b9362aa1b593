import { isDeepStrictEqual } from "node:util";
import { containsUnknown, openEnvelopes } from "./secret-envelopes.ts";

/** Names of inputs whose new value differs from the state's, or is not known yet. State has outputs too; they do not count. */
export function changedKeys(
  state: Readonly<Record<string, unknown>>,
  inputs: Readonly<Record<string, unknown>>,
  ignored: readonly string[],
): string[] {
  return Object.keys(inputs)
    .filter((key) => !key.startsWith("__") && !ignored.includes(key))
    .filter(
      (key) =>
        containsUnknown(inputs[key]) || !isDeepStrictEqual(openEnvelopes(state[key]), openEnvelopes(inputs[key])),
    );
}
