import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeployReport } from "../../../cli/rollout/deploy.ts";
import type { DriftReport } from "../../../cli/rollout/drift-report.ts";
import type { ShowReport } from "../../../cli/rollout/show-report.ts";
import type { StatusReport } from "../../../cli/rollout/status-report.ts";
import type { StepRecord } from "../../../cli/rollout/step-record.ts";
import type { LocalEnvironment } from "../../../infra/environment/environment.ts";
import { loadLocalEnvironment } from "../../../infra/environment/require-target.ts";
import { componentPlaces } from "../../../infra/local/layout.ts";
import { asAdmin } from "../../../infra/local/postgres/admin-connection.ts";
import { contentHash } from "../../../infra/local/release/content-hash.ts";
import { startLoad } from "../../infra/local/support/counted-load.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { productsOf, register, signIn } from "./shop-requests.ts";
import { ShopctlHome, type Outcome } from "./shopctl.ts";

const service = join(import.meta.dirname, "../../../dist/service");
const quick = ["--window", "4", "--share", "50", "--yes"];
/** What makes a build do something else with every shopper's request than take it at once. */
const instead = (what: string): string => `
  import http from "node:http"; import { syncBuiltinESMExports } from "node:module"; const create = http.createServer;
  http.createServer = (...given) => { const server = create(...given); const emit = server.emit.bind(server);
  server.emit = (name, request, response) => name === "request" && (request.url === "/" || request.url.startsWith("/shop/"))
    ? (${what}, true) : emit(name, request, response); return server; };
  syncBuiltinESMExports();
`;
const answersWrongly = instead("response.writeHead(500).end()");
/** As with an event loop that is held up: nothing of it is in the instance's own histogram. */
const keepsWaiting = instead("setTimeout(() => emit(name, request, response), 3_000)");

/** New builds of the service, made from the one that runs: what a deployment meets, with nothing but the change it is about. */
describe("a deployment", { timeout: 120_000 }, () => {
  const home = new ShopctlHome();
  const builds = mkdtempSync("/tmp/shopctl-builds-");
  let environment: LocalEnvironment;
  let url = "";
  let first = "";
  let next = "";

  /** The service of now with another text in one of its programs, and migrations of its own. */
  function build(
    name: string,
    change: {
      readonly main?: string;
      readonly migrations?: Record<string, string>;
      readonly replaced?: readonly [string, string];
    },
  ): string {
    const folder = join(builds, name);
    cpSync(service, folder, { recursive: true });
    const main = join(folder, "main.js");
    writeFileSync(main, `${change.main ?? ""}${readFileSync(main, "utf8")}\n// ${name}\n`);
    for (const file of change.replaced === undefined ? [] : readdirSync(folder).filter((one) => one.endsWith(".js"))) {
      const code = readFileSync(join(folder, file), "utf8");
      writeFileSync(join(folder, file), code.replaceAll(...change.replaced!));
    }
    for (const [file, sql] of Object.entries(change.migrations ?? {}))
      writeFileSync(join(folder, "migrations", `${file}.sql`), sql);
    return folder;
  }

  async function inDatabase(sql: string): Promise<readonly Record<string, unknown>[]> {
    const { paths, ports } = environment;
    const database = { sockets: componentPlaces(paths).postgres.sockets, port: ports.postgres };
    return await asAdmin(database, "shop", async (client) => (await client.query(sql)).rows);
  }

  const status = async (): Promise<StatusReport> => as<StatusReport>(await home.run("scale", "status"));

  beforeAll(async () => {
    const created = await home.run("env", "create", "ship", "--users", "50", "--products", "40");
    expect([created.exit, created.stderr]).toEqual([0, expect.stringContaining("ServiceInstance")]);
    url = String(created.json["url"]);
    first = String(created.json["release"]);
    environment = await loadLocalEnvironment(home.folder, "ship");
  }, 120_000);

  afterAll(async () => {
    await home.end("ship");
    rmSync(builds, { recursive: true, force: true });
  }, 60_000);

  it("of the build that runs is nothing to do", async () => {
    expect(first).toBe(contentHash(service));
    const deployed = await home.run("deploy", "--yes");
    expect([deployed.exit, deployed.json["steps"]]).toEqual([0, []]);
  });

  it("is refused when its migrations leave nothing for the release that runs, and changes nothing", async () => {
    const breaking = build("breaking", {
      migrations: { "9001_names": "alter table product rename column name to title;" },
    });
    const refused = await home.run("deploy", "--build", breaking, ...quick);
    expect([refused.exit, refused.json["why"]]).toEqual([
      5,
      ["9001_names: product: rename column name to title: renamed, so the release that runs could not go on"],
    ]);
    expect(existsSync(join(environment.paths.releases, contentHash(breaking)))).toBe(false);
    expect((await status()).release).toEqual({ stable: first });
  });

  it("goes back at once when its canary answers wrongly, and no other request fails", async () => {
    const failing = build("failing", { main: answersWrongly });
    const load = startLoad(`${url}/`, 4);
    const deployed = await home.run("deploy", "--build", failing, "--share", "20", "--window", "60", "--yes");
    const { failures, sent } = await load.stop();
    expect([deployed.exit, deployed.json["code"]]).toEqual([11, "gate-failed"]);
    const record = newestRecord(home);
    expect([record.step, record.state, record.stage]).toEqual(["deploy-canary", "returned", "back"]);
    // What our own shoppers and the probes met is what the canary answered wrongly: nothing else failed. It answered a
    // few more: shopctl also asks the shop, through the router, for its limits.
    const met = failures.length + (record.gate?.probes?.failed ?? 0);
    expect(met).toBeLessThanOrEqual(record.canary?.failed ?? 0);
    expect(met).toBeGreaterThan((record.canary?.failed ?? 0) - 10);
    expect(new Set(failures)).toEqual(new Set(["status 500"]));
    expect(failures.length).toBeLessThan(sent / 3);
    expect(record.durationsMs.gate).toBeLessThan(30_000);
    expect((await status()).release).toEqual({ stable: first });
  });

  it("goes back when it lets shoppers wait where its own clock does not run yet", async () => {
    const waiting = build("waiting", { main: keepsWaiting });
    const load = startLoad(`${url}/`, 16);
    const deployed = await home.run("deploy", "--build", waiting, "--share", "50", "--window", "8", "--yes");
    const { failures } = await load.stop();
    const slow = newestRecord(home).gate?.checks.find(({ check }) => check === "canary-p95-ms");
    expect([deployed.exit, slow?.outcome, failures]).toEqual([11, "failed", []]);
    expect(slow?.value).toBeGreaterThan(2_500);
    expect((await status()).release).toEqual({ stable: first });
  });

  it("brings its migrations and then every instance under traffic, while the release before goes on beside it", async () => {
    next = build("body", {
      migrations: {
        "9002_body": "alter table product add column body text; update product set body = description || ' (body)';",
      },
      replaced: ["p.description, p.stock", "p.body as description, p.stock"],
    });
    const load = startLoad(`${url}/`, 4);
    const deployed = await home.run("deploy", "--build", next, ...quick);
    const { failures } = await load.stop();
    expect([deployed.exit, deployed.json["why"], failures]).toEqual([0, undefined, []]);
    const { from, to, migrations, steps } = as<DeployReport>(deployed);
    expect([from, to, migrations]).toEqual([first, contentHash(next), ["9002_body"]]);
    expect(steps.map(({ step, state }) => [step, state])).toEqual([
      ["deploy-canary", "done"],
      ["deploy-rest", "done"],
    ]);
    const [{ canary, gate } = {}] = steps;
    expect([canary?.failed, (canary?.requests ?? 0) > 20]).toEqual([0, true]);
    expect(gate?.checks.map(({ check, outcome }) => [check, outcome]).slice(-3)).toEqual([
      ["canary-errors", "passed"],
      ["canary-p95-ms", "passed"],
      ["canary-requests", "passed"],
    ]);
    expect(await descriptionOf(url)).toMatch(/ \(body\)$/);
  });

  it("is what scaling leaves alone, although the installation has another build", async () => {
    const scaled = await home.run("scale", "apply", "--step", "rate-limits-raised", "--window", "2", "--yes");
    expect([scaled.exit, (await status()).release]).toEqual([0, { stable: contentHash(next) }]);
    expect(await descriptionOf(url)).toMatch(/ \(body\)$/);
  });

  it("is undone by a rollback: the release before runs on the schema as it is now", async () => {
    const load = startLoad(`${url}/`, 4);
    const back = await home.run("deploy", "rollback", "--window", "2", "--yes");
    const { failures } = await load.stop();
    expect([back.exit, failures]).toEqual([0, []]);
    expect(as<DeployReport>(back)).toMatchObject({ from: contentHash(next), to: first });
    expect(await inDatabase("select count(*)::int as bodies from product where body is not null")).toEqual([
      { bodies: 40 },
    ]);
    expect(await descriptionOf(url)).not.toMatch(/ \(body\)$/);
    await register(url, "buyer@example.test");
    expect(await signIn(url, "buyer@example.test")).toBe(200);
    const drift = as<DriftReport>(await home.run("drift"));
    expect(drift.differences).toEqual([]);
    const nothingBefore = await home.run("deploy", "rollback", "--yes");
    expect([nothingBefore.exit, nothingBefore.json["message"]]).toEqual([5, `No release ran before ${first}`]);
  });

  it("that was killed is taken back by recovery, and goes on when it is run again", async () => {
    const command = ["deploy", "--build", next, "--share", "50", "--yes"];
    const killed = home.start(...command, "--window", "60");
    await waitUntil("the canary under traffic", () => isAt(home, "deploy-canary", "gate"), 60_000);
    await killed.stop("SIGKILL");
    const recovered = await home.run("recover");
    expect([recovered.exit, (await status()).release]).toEqual([0, { stable: first }]);
    const { observation } = as<ShowReport>(await home.run("env", "show"));
    expect([observation.router.canary, observation.releases?.map(({ release }) => release)]).toEqual([
      undefined,
      [first],
    ]);

    // Long enough for as many requests as a verdict on the canary takes, on a busy machine too.
    const again = home.start(...command, "--window", "6");
    await waitUntil("the rest in the making", () => isAt(home, "deploy-rest", "up"), 60_000);
    await again.stop("SIGKILL");
    const finished = await home.run(...command, "--window", "6");
    expect([finished.exit, finished.json["why"], (await status()).release, (await status()).unfinished]).toEqual([
      0,
      undefined,
      { stable: contentHash(next) },
      undefined,
    ]);
    expect(await descriptionOf(url)).toMatch(/ \(body\)$/);
  });

  it("goes back behind a CDN too, where all that its canary answers wrongly are the CDN's questions", async () => {
    const behind = await home.run("scale", "apply", "--step", "cdn", "--window", "2", "--yes");
    expect([behind.exit, behind.json["why"]]).toEqual([0, undefined]);
    // A product that there is not: the CDN keeps no such answer, so it asks each time.
    const load = startLoad(`${url}/shop/api/products/999999/`, 2);
    const failing = build("failing-behind", { main: answersWrongly });
    const deployed = await home.run("deploy", "--build", failing, "--share", "20", "--window", "4", "--yes");
    await load.stop();
    const { canary, gate } = newestRecord(home);
    expect([deployed.exit, gate?.checks.find(({ check }) => check === "canary-errors")?.outcome]).toEqual([
      11,
      "failed",
    ]);
    expect(canary?.failed).toBeGreaterThan(0);
  });
});

async function descriptionOf(url: string): Promise<string> {
  // Answers of a product are held by the processes for a while; each of these is its first.
  const [product] = (await productsOf(url)) as { id: number }[];
  const response = await fetch(`${url}/shop/api/products/${product?.id}/`);
  return ((await response.json()) as { description: string }).description;
}

function as<T>({ json }: Outcome): T {
  return json as T;
}

function isAt(home: ShopctlHome, step: StepRecord["step"], stage: StepRecord["stage"]): boolean {
  const record = newestRecord(home);
  return record.step === step && record.state === "running" && record.stage === stage;
}

function newestRecord(home: ShopctlHome): StepRecord {
  const folder = join(home.folder, "environments/ship/rollouts");
  const name =
    readdirSync(folder)
      .filter((one) => one.endsWith(".json"))
      .toSorted()
      .at(-1) ?? "";
  return JSON.parse(readFileSync(join(folder, name), "utf8")) as StepRecord;
}
