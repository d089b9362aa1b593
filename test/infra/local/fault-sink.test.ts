import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { renderFaults } from "../../../cli/render/faults.ts";
import { installation } from "../../../infra/installation.ts";
import { componentPlaces } from "../../../infra/local/layout.ts";
import { readReportedFaults } from "../../../infra/local/operations/reported-faults.ts";
import { contentHash } from "../../../infra/local/release/content-hash.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { migrateShop, startShop, type TestShop } from "../../support/shop.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { TestEnvironment } from "./support/test-environment.ts";

const key = "5e17deadbeef5e17deadbeef";

let it: TestEnvironment;
let postgres: TestPostgres;
let shop: TestShop;
let api: string;

beforeAll(async () => {
  [it, postgres] = await Promise.all([TestEnvironment.create(), startPostgres()]);
  const { paths, ports } = it.environment;
  const source = dirname(installation.faultSink);
  const release = await it.make("Release", {
    releases: paths.releases,
    source,
    hash: contentHash(source),
    node: process.execPath,
  });
  await it.make("FaultSink", { paths, port: ports.faultSink, releaseFolder: release.state["folder"], key });
  api = `http://127.0.0.1:${ports.faultSink}/api/1/envelope/`;
  await migrateShop(postgres);
  shop = await startShop(postgres.shopUrl(), { SHOP_SENTRY_DSN: `http://${key}@127.0.0.1:${ports.faultSink}/1` });
});
afterAll(async () => {
  await shop?.stop();
  await it.destroy();
  await postgres?.stop();
});

const reported = (limit = 10): ReturnType<typeof readReportedFaults> => readReportedFaults(it.environment, { limit });

test("a fault of the shop reaches it, with what tells where it was, without whom it met", async () => {
  await postgres.query(
    `create function refuse_account() returns trigger language plpgsql as
     $$ begin raise exception 'no account for %', new.email using detail = new.password_hash; end $$`,
  );
  await postgres.query(
    "create trigger refuse_account before insert on account for each row execute function refuse_account()",
  );
  const json = { email: "carla@example.test", password: "a password of some length" };
  expect((await shop.fetch("/accounts/register/", { json, client: "203.0.113.77" })).status).toBe(500);
  const [fault] = await waitUntil("the fault", async () => {
    const found = await reported();
    return found.length > 0 ? found : undefined;
  });
  expect(fault).toMatchObject({ instance: "web-test", release: "test", route: "/accounts/register/" });
  expect(fault?.errors[0]).toMatchObject({ message: "no account for [address]" });
  expect(fault?.errors[0]?.frames.length).toBeGreaterThan(0);
  const { data } = componentPlaces(it.environment.paths).faultSink;
  const text =
    readFileSync(join(data, "faults.jsonl"), "utf8") + readFileSync(join(it.logs, "fault-sink", "current"), "utf8");
  for (const secret of [json.email, json.password, "argon2", "203.0.113.77", key, postgres.shopPassword]) {
    expect(text).not.toContain(secret);
  }
  expect(renderFaults([fault!], { stack: false })).toMatch(
    /web-test +\/accounts\/register\/ +\w+: no account for \[address\]/,
  );
  expect(renderFaults([fault!], { stack: true })).toContain(`request   ${fault?.requestId}`);
});

test("only who has the key of the DSN reports, and only envelopes of a bounded size", async () => {
  const envelope = ['{"event_id":"e1"}', '{"type":"event"}', '{"event_id":"e1","message":"by hand"}', ""].join("\n");
  const send = async (query: string, body: string | Buffer, headers = {}): Promise<number> =>
    (await fetch(api + query, { method: "POST", body: new Uint8Array(Buffer.from(body)), headers })).status;
  expect(await send("?sentry_key=another", envelope)).toBe(401);
  expect(await send("", envelope)).toBe(401);
  expect(await send(`?sentry_key=${key}`, "no envelope")).toBe(400);
  expect(await send(`?sentry_key=${key}`, "x".repeat(1_100_000))).toBe(413);
  expect(await send(`?sentry_key=${key}`, gzipSync("x".repeat(20_000_000)), { "content-encoding": "gzip" })).toBe(413);
  expect((await reported())[0]?.id).not.toBe("e1");
  expect(await send("", envelope, { "x-sentry-auth": `Sentry sentry_version=7, sentry_key=${key}` })).toBe(200);
  expect((await reported(1))[0]).toMatchObject({ id: "e1", errors: [{ message: "by hand", frames: [] }] });
  const zipped = gzipSync(envelope.replaceAll("e1", "e2"));
  expect(await send(`?sentry_key=${key}`, zipped, { "content-encoding": "gzip" })).toBe(200);
  expect((await reported(1))[0]?.id).toBe("e2");
});
