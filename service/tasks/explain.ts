import type { ClientBase } from "pg";
import { z } from "zod";
import type { Plan } from "../contract/query-plans.ts";
import type { ShopStatement } from "./statements-of.ts";

/** The first run reads what is not in memory yet; the faster of these counts. */
const runs = 2;

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string | undefined;
  readonly "Index Name"?: string | undefined;
  readonly "Total Cost": number;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number | undefined;
  readonly "Rows Removed by Index Recheck"?: number | undefined;
  readonly Plans?: readonly PlanNode[] | undefined;
}

const nodeSchema: z.ZodType<PlanNode> = z.lazy(() =>
  z.object({
    "Node Type": z.string(),
    "Relation Name": z.string().optional(),
    "Index Name": z.string().optional(),
    "Total Cost": z.number(),
    "Actual Rows": z.number(),
    "Actual Loops": z.number(),
    "Rows Removed by Filter": z.number().optional(),
    "Rows Removed by Index Recheck": z.number().optional(),
    Plans: z.array(nodeSchema).optional(),
  }),
);
const explainedSchema = z.tuple([z.object({ Plan: nodeSchema, "Execution Time": z.number() })]);

/** Runs a statement that only reads and says how Postgres read `table` for it. */
export async function explain(client: ClientBase, statement: ShopStatement, table: string): Promise<Plan> {
  const plans: Plan[] = [];
  while (plans.length < runs) plans.push(await explainOnce(client, statement, table));
  return plans.reduce((fastest, plan) => (plan.ms < fastest.ms ? plan : fastest));
}

async function explainOnce(client: ClientBase, { sql, values }: ShopStatement, table: string): Promise<Plan> {
  const { rows } = await client.query<{ "QUERY PLAN": unknown }>(`explain (analyze, format json) ${sql}`, [...values]);
  const [{ Plan: root, "Execution Time": ms }] = explainedSchema.parse(rows[0]?.["QUERY PLAN"]);
  const scan = nodesOf(root).find((node) => node["Relation Name"] === table) ?? root;
  return { node: wordsOf(scan), cost: root["Total Cost"], rows: rowsRead(scan), ms };
}

function nodesOf(node: PlanNode): readonly PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

function wordsOf(scan: PlanNode): string {
  const index = nodesOf(scan).find((node) => node["Index Name"] !== undefined)?.["Index Name"];
  const table = scan["Relation Name"] === undefined ? "" : ` on ${scan["Relation Name"]}`;
  return `${scan["Node Type"]}${table}${index === undefined ? "" : ` by ${index}`}`;
}

/** Rows that came out of the table, and those that were thrown away after they had been read. */
function rowsRead(scan: PlanNode): number {
  const each =
    scan["Actual Rows"] + (scan["Rows Removed by Filter"] ?? 0) + (scan["Rows Removed by Index Recheck"] ?? 0);
  return each * scan["Actual Loops"];
}
