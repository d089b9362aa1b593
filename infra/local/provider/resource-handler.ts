import type { z } from "zod";
import type { Difference } from "../observation/difference.ts";

/** Tells the engine's log, and so whoever watches the update, how far a long task is. */
export type Say = (line: string) => void;

/** How one resource type is made, changed and removed. Each must be safe to run again after a kill at any point. */
export interface ResourceHandler<Inputs, Outputs extends object> {
  readonly inputs: z.ZodType<Inputs>;
  /** Inputs whose change needs another resource beside the old one; `all` for every one. */
  readonly replacedBy: readonly (keyof Inputs & string)[] | "all";
  /** Inputs whose change alone is no reason to do anything. */
  readonly ignored: readonly (keyof Inputs & string)[];
  /** Makes it or adopts what an earlier run with the same inputs half made; when it throws, nothing of it runs. */
  create(inputs: Inputs, say: Say): Promise<{ readonly id: string; readonly outputs: Outputs }>;
  /** Makes it as wanted from whatever runs: after a killed update that is neither `before` nor the inputs of that update. */
  update(inputs: Inputs, before: Inputs & Outputs, say: Say): Promise<Outputs>;
  /** Whether it is still there, for a refresh. */
  exists(state: Inputs & Outputs): Promise<boolean>;
  /** What of it is not as the state has it; changes nothing and needs no longer than a moment. */
  observe(state: Inputs & Outputs): Promise<readonly Difference[]>;
  /** Fine when it is gone already. */
  remove(state: Inputs & Outputs, say: Say): Promise<void>;
}

/** The same, with the types of its own inputs hidden behind validation. */
export interface AnyHandler {
  readonly replacedBy: readonly string[] | "all";
  readonly ignored: readonly string[];
  /** Reasons why the inputs are not acceptable, by property. */
  validate(inputs: unknown): readonly { readonly property: string; readonly reason: string }[];
  create(inputs: unknown, say: Say): Promise<{ readonly id: string; readonly outputs: object }>;
  update(inputs: unknown, before: Readonly<Record<string, unknown>>, say: Say): Promise<object>;
  exists(state: Readonly<Record<string, unknown>>): Promise<boolean>;
  observe(state: Readonly<Record<string, unknown>>): Promise<readonly Difference[]>;
  remove(state: Readonly<Record<string, unknown>>, say: Say): Promise<void>;
}

/** Puts validation in front of a handler: what comes over the wire or out of a state file is untyped. */
export function validated<Inputs, Outputs extends object>(
  handler: ResourceHandler<Inputs, Outputs>,
  outputs: z.ZodType<Outputs>,
): AnyHandler {
  const parseState = (state: Readonly<Record<string, unknown>>): Inputs & Outputs => ({
    ...handler.inputs.parse(only(state, handler.inputs)),
    ...outputs.parse(state),
  });
  return {
    replacedBy: handler.replacedBy,
    ignored: handler.ignored,
    validate: (inputs) =>
      handler.inputs
        .safeParse(inputs)
        .error?.issues.map((issue) => ({ property: issue.path.join("."), reason: issue.message })) ?? [],
    create: (inputs, say) => handler.create(handler.inputs.parse(inputs), say),
    update: (inputs, before, say) => handler.update(handler.inputs.parse(inputs), parseState(before), say),
    exists: (state) => handler.exists(parseState(state)),
    observe: (state) => handler.observe(parseState(state)),
    remove: (state, say) => handler.remove(parseState(state), say),
  };
}

/** The part of a state that are inputs: a strict schema would refuse the outputs beside them. */
function only(state: Readonly<Record<string, unknown>>, schema: z.ZodType): Record<string, unknown> {
  const shape: unknown = "shape" in schema ? schema.shape : undefined;
  if (typeof shape !== "object" || shape === null) return { ...state };
  const keys = Object.keys(shape);
  return Object.fromEntries(Object.entries(state).filter(([key]) => keys.includes(key)));
}
