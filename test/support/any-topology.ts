import fc from "fast-check";
import { z } from "zod";
import { topologySchema, type Topology } from "../../infra/topology/topology.ts";

/** Any value of a field, from the schema itself; numbers in their whole range. */
function anyOf(field: z.core.$ZodType): fc.Arbitrary<unknown> {
  if (field instanceof z.ZodDefault) return anyOf(field.unwrap());
  // Steps leave the release alone, whatever it is.
  if (field instanceof z.ZodOptional) return fc.constant(undefined);
  if (field instanceof z.ZodEnum) return fc.constantFrom(...field.options);
  if (field instanceof z.ZodNumber) return fc.integer({ min: field.minValue ?? 0, max: field.maxValue ?? 100 });
  throw new TypeError(`no values for a ${field._zod.def.type}`);
}

/** Any topology that the schema takes, also ones that no order of steps leads to. */
export const anyTopology = fc.record(
  Object.fromEntries(Object.entries(topologySchema.shape).map(([name, field]) => [name, anyOf(field)])),
) as fc.Arbitrary<Topology>;
