import type { ClientBase } from "pg";
import type { QueryTime } from "../contract/query-times.ts";
import { queryForms, type QueryForm } from "../store/query-form.ts";
import type { FrequentQuery } from "./frequent-queries.ts";
import { statementsOf, type ShopStatement } from "./statements-of.ts";

/** A function is planned for its values five times, then once for all values, if that is no worse. */
const warmUpCalls = 10;

interface Counted {
  readonly calls: number;
  readonly planMs: number;
  readonly runMs: number;
}

/** Sends a query's statements in both forms in turn and gives what Postgres counted of each, as means. Only reads. */
export async function timeQuery(client: ClientBase, { query, asks }: FrequentQuery): Promise<QueryTime | undefined> {
  const statements = await Promise.all(asks.map(async (ask) => bothForms(ask)));
  const [first] = statements;
  if (first === undefined) return undefined;
  const ids = { plain: await idOf(client, first.plain), optimised: await idOf(client, first.optimised) };
  const send = async (each: readonly Record<QueryForm, ShopStatement>[]): Promise<void> => {
    for (const forms of each)
      for (const form of queryForms) await client.query(forms[form].sql, [...forms[form].values]);
  };
  await send(statements.slice(0, warmUpCalls));
  const earlier = { plain: await counted(client, ids.plain), optimised: await counted(client, ids.optimised) };
  await send(statements);
  const meansOf = async (form: QueryForm): Promise<QueryTime["before"]> => {
    const now = await counted(client, ids[form]);
    const calls = now.calls - earlier[form].calls;
    return { planMs: (now.planMs - earlier[form].planMs) / calls, runMs: (now.runMs - earlier[form].runMs) / calls };
  };
  return {
    query,
    share: await shareOf(client, ids.plain),
    before: await meansOf("plain"),
    after: await meansOf("optimised"),
  };
}

async function bothForms(ask: FrequentQuery["asks"][number]): Promise<Record<QueryForm, ShopStatement>> {
  const [[plain], [optimised]] = await Promise.all([statementsOf(ask, "plain"), statementsOf(ask, "optimised")]);
  if (plain === undefined || optimised === undefined) throw new TypeError("a query of the shop sends no statement");
  return { plain, optimised };
}

/** What pg_stat_statements knows a statement by. */
async function idOf(client: ClientBase, { sql, values }: ShopStatement): Promise<string> {
  // As text: the number is larger than those that JSON's readers keep whole.
  const { rows } = await client.query<{ "QUERY PLAN": string }>(`explain (verbose) ${sql}`, [...values]);
  const id = rows.map((row) => /^Query Identifier: (-?\d+)$/.exec(row["QUERY PLAN"])?.[1]).find(Boolean);
  if (id === undefined) throw new Error("Postgres gives statements no identifier (compute_query_id)");
  return id;
}

async function counted(client: ClientBase, id: string): Promise<Counted> {
  const { rows } = await client.query<Counted>(
    `select coalesce(sum(calls), 0)::float8 as calls, coalesce(sum(total_plan_time), 0)::float8 as "planMs",
            coalesce(sum(total_exec_time), 0)::float8 as "runMs"
       from pg_stat_statements
      where queryid = $1 and toplevel and dbid = (select oid from pg_database where datname = current_database())
        and userid = (select oid from pg_roles where rolname = current_user)`,
    [id],
  );
  return rows[0] ?? { calls: 0, planMs: 0, runMs: 0 };
}

/** Of the time of all statements of the shop's own role. */
async function shareOf(client: ClientBase, id: string): Promise<number> {
  const { rows } = await client.query<{ share: number }>(
    `select coalesce(sum(total_exec_time) filter (where queryid = $1) / nullif(sum(total_exec_time), 0), 0)::float8 as share
       from pg_stat_statements
      where dbid = (select oid from pg_database where datname = current_database())
        and userid = (select oid from pg_roles where rolname = 'shop')`,
    [id],
  );
  return rows[0]?.share ?? 0;
}
