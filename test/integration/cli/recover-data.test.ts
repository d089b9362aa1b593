import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DriftReport } from "../../../cli/rollout/drift-report.ts";
import type { RecoverReport } from "../../../cli/rollout/recover-environment.ts";
import type { StepRecord } from "../../../cli/rollout/step-record.ts";
import { loadLocalEnvironment } from "../../../infra/environment/require-target.ts";
import { componentPlaces } from "../../../infra/local/layout.ts";
import { adminUrl, asAdmin, type AdminTarget } from "../../../infra/local/postgres/admin-connection.ts";
import { findShopRelease } from "../../../infra/local/release/shop-release.ts";
import { startChild } from "../../support/child.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { ShopctlHome, type Outcome } from "./shopctl.ts";

/** Sessions enough to be copied for seconds, and login attempts to be archived. */
const users = 4_000;
const quick = ["--yes", "--window", "2"];

interface Rows {
  readonly attempts: number;
  readonly ids: string;
  readonly sessions: number;
  readonly which: string;
}

describe("recover mends what a killed move of the data has left", { timeout: 180_000 }, () => {
  const home = new ShopctlHome();
  let rows: Rows;

  beforeAll(async () => {
    const created = await home.run("env", "create", "half", "--users", `${users}`, "--products", "200");
    expect([created.exit, created.stderr]).toEqual([0, expect.any(String)]);
    rows = await allRows();
  }, 170_000);

  afterAll(() => home.end("half"), 60_000);

  it("of a step that was killed while sessions were copied: it says so, and brings them back", async () => {
    await killDuring("partitioning", "select to_regclass('user_session_next') is not null as reached");
    expect(await recovered()).toMatchObject({
      findings: expect.arrayContaining([expect.objectContaining({ kind: "step" })]),
      wentOn: { step: "partitioning" },
    });
    expect(await drift()).toEqual([]);
    expect(await allRows()).toEqual(rows);
    expect(await apply("partitioning")).toBe("done");
  });

  it("of a task that was killed and no step knows of: it says what lies half-moved, and lays it out as the stack has it", async () => {
    const database = await target();
    const release = findShopRelease((await loadLocalEnvironment(home.folder, "half")).paths.releases) ?? "";
    const task = startChild(join(release, "node"), [join(release, "task.js"), "unpartition-sessions"], {
      env: { ...process.env, SHOP_TASK_URL: adminUrl(database, "shop") },
    });
    await reached("select to_regclass('user_session_next') is not null as reached");
    await task.stop("SIGKILL");
    const said = as<RecoverReport>(await home.run("recover", "--dry-run"));
    const finding = { kind: "data", what: "tables left half-moved: user_session_next" };
    expect([said.findings, said.settled]).toEqual([[expect.objectContaining(finding)], []]);
    const { settled } = await recovered();
    expect(settled).toEqual([finding.what]);
    expect(as<RecoverReport>(await home.run("recover")).findings).toEqual([]);
    expect([await drift(), await allRows()]).toEqual([[], rows]);
  });

  it("of a step that was killed while attempts were archived: every row is in its table again", async () => {
    await killDuring("archiving", "select exists (select from login_attempt_archive) as reached");
    expect((await recovered()).wentOn?.step).toBe("archiving");
    expect([await drift(), await allRows()]).toEqual([[], rows]);
    expect(await apply("archiving")).toBe("done");
    // Sessions that have expired go for good.
    const { attempts, ids } = rows;
    expect(await allRows()).toMatchObject({ attempts, ids });
  });

  it("of a step that was killed while it built an index: the invalid one is removed, and the step goes through", async () => {
    await asAdmin(await target(), "shop", async (slow) => {
      await slow.query("begin; update product set stock = stock where id = 1");
      await killDuring("database-indexes", "select exists (select from pg_index where not indisvalid) as reached");
      // Its session notices within a second that nobody waits for it any more.
      await reached("select not exists (select from pg_stat_progress_create_index) as reached");
      await slow.query("rollback");
    });
    const { findings, removed } = await recovered();
    expect(findings.map(({ what }) => what)).toContain("index public.product_words");
    expect(removed).toContain("index public.product_words");
    expect(await drift()).toEqual([]);
    expect(await apply("database-indexes")).toBe("done");
  });

  /** Starts a step and kills shopctl once a condition of the database is met. */
  async function killDuring(step: string, condition: string): Promise<void> {
    const run = home.start("scale", "apply", "--step", step, ...quick);
    await reached(condition);
    await run.stop("SIGKILL");
  }

  async function reached(condition: string): Promise<void> {
    await asAdmin(await target(), "shop", (client) =>
      waitUntil(
        condition,
        async () => (await client.query<{ reached: boolean }>(condition)).rows[0]?.reached === true,
        60_000,
      ),
    );
  }

  async function recovered(): Promise<RecoverReport> {
    const outcome = await home.run("recover");
    expect([outcome.exit, outcome.stderr]).toEqual([0, expect.any(String)]);
    return as<RecoverReport>(outcome);
  }

  async function apply(step: string): Promise<unknown> {
    const applied = await home.run("scale", "apply", "--step", step, ...quick);
    return (applied.json["steps"] as StepRecord[] | undefined)?.[0]?.state ?? applied.stderr;
  }

  async function drift(): Promise<DriftReport["differences"]> {
    return as<DriftReport>(await home.run("drift")).differences;
  }

  /** How many there are, and which: wherever login attempts lie. */
  async function allRows(): Promise<Rows> {
    const found = await asAdmin(await target(), "shop", (client) =>
      client.query<Rows>(
        `select (select count(*)::int from (select id from login_attempt union all select id from login_attempt_archive) a) as attempts,
                (select sum(id)::text from (select id from login_attempt union all select id from login_attempt_archive) a) as ids,
                count(*)::int as sessions, sum(hashtext(token_hash::text || account_id))::text as which from user_session`,
      ),
    );
    const [first] = found.rows;
    if (first === undefined) throw new Error("the database answered without a row");
    return first;
  }

  async function target(): Promise<AdminTarget> {
    const { paths, ports } = await loadLocalEnvironment(home.folder, "half");
    return { sockets: componentPlaces(paths).postgres.sockets, port: ports.postgres };
  }
});

function as<Report>(outcome: Outcome): Report {
  return outcome.json as Report;
}
