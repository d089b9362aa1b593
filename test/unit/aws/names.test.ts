import { expect, it } from "vitest";
import { steps } from "../../../cli/phases/index.ts";
import { environmentNameSchema } from "../../../infra/environment/environment-name.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { awsGraph, awsSettings } from "../../support/aws-graph.ts";
import { table } from "../../support/aws/rows/index.ts";

const longest = "a-shop-of-20-letters";
const end = steps.reduce((topology, step) => step.apply(topology), baseline);
/** Of Pulumi: a dash and seven random characters. */
const added = 8;

it("an environment may have the longest name that there is: AWS takes the names of all that it is made of", async () => {
  expect(environmentNameSchema.safeParse(`${longest}x`).success).toBe(false);
  const graph = await awsGraph(end, { ...awsSettings, name: environmentNameSchema.parse(longest) });
  const named = graph.flatMap(({ type, name, props }) => {
    const rule = table[type]?.named;
    if (rule === undefined) return [];
    const own = props[rule.by];
    const length = typeof own === "string" ? own.length : name.length + added;
    return [{ name: `${type} ${name}`, length, maxLength: rule.maxLength }];
  });
  expect(named.map(({ maxLength }) => maxLength)).toContain(32);
  expect(named.filter(({ length, maxLength }) => length > maxLength)).toEqual([]);
}, 60_000);
