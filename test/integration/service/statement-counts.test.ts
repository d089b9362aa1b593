import { afterAll, beforeAll, expect, it } from "vitest";
import type { HttpRequest } from "../../../service/contract/client.ts";
import { operations } from "../../../service/contract/operations.ts";
import { seededUser } from "../../../service/contract/routes.ts";
import { startSmtpReceiver, type MailReceiver } from "../../support/mail-receivers.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { migrateShop, runService, seedShop, startShop, type TestShop } from "../../support/shop.ts";
import { accountBounds } from "./statement-bounds/account-bounds.ts";
import { makeWorld } from "./statement-bounds/make-world.ts";
import { repeats, userOfStaff, type Bounds } from "./statement-bounds/measured.ts";
import { sessionBounds, usersOfSessions } from "./statement-bounds/session-bounds.ts";
import { shopBounds } from "./statement-bounds/shop-bounds.ts";
import { staffBounds } from "./statement-bounds/staff-bounds.ts";

let postgres: TestPostgres;
let mails: MailReceiver;
let shop: TestShop;
let bounds: Bounds;

beforeAll(async () => {
  [postgres, mails] = await Promise.all([
    startPostgres(["shared_preload_libraries = 'pg_stat_statements'"]),
    startSmtpReceiver(),
  ]);
  await migrateShop(postgres);
  await seedShop(postgres, usersOfSessions, 200);
  await postgres.query("create extension pg_stat_statements");
  const keeper = seededUser.email(userOfStaff);
  await runService("staff.ts", ["--email", keeper, "--grant"], { SHOP_STAFF_URL: postgres.adminUrl() });
  shop = await startShop(postgres.shopUrl(), { SHOP_SMTP_URL: `${mails.url}?ignoreTLS=true`, SHOP_LIMITS: "raised" });
  const world = await makeWorld(postgres);
  bounds = { ...accountBounds(world), ...(await sessionBounds(postgres)), ...shopBounds(world), ...staffBounds(world) };
});
afterAll(async () => {
  await shop?.stop();
  await Promise.all([mails?.stop(), postgres?.stop()]);
});

/** Statements that the shop's role has sent so far. */
async function statementsSoFar(): Promise<number> {
  const rows = await postgres.query<{ calls: number }>(
    `select coalesce(sum(calls), 0)::float8 as calls from pg_stat_statements s join pg_roles r on r.oid = s.userid
     where r.rolname = 'shop'`,
  );
  return rows[0]!.calls;
}

let address = 0;
/** From an address of its own, so that no limit is met. */
async function ask({ path, ...request }: HttpRequest): Promise<void> {
  address += 1;
  const answer = await shop.fetch(path, { ...request, client: `10.7.${address >> 8}.${address & 255}` });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${request.method} ${path} answered ${answer.status}: ${text}`);
}

it("every operation of the contract declares in statement-bounds/ how many statements it may cost", () => {
  expect(Object.keys(bounds).toSorted()).toEqual(operations.map(({ id }) => id).toSorted());
});

it.each(operations.map(({ id }) => id))("%s stays within its statements, however many rows it answers", async (id) => {
  const { most, request } = bounds[id]!;
  const before = await statementsSoFar();
  for (let n = 1; n <= repeats; n += 1) await ask(request(n));
  const each = Math.floor(((await statementsSoFar()) - before) / repeats);
  expect(each).toBeLessThanOrEqual(most);
  // An answer from a cache would measure nothing.
  expect(each).toBeGreaterThanOrEqual(Math.min(1, most));
});
