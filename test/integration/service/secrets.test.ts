import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { register } from "../../../service/contract/accounts.ts";
import { callShop } from "../../../service/contract/client.ts";
import type { Operation } from "../../../service/contract/operation.ts";
import { operations } from "../../../service/contract/operations.ts";
import { startSmtpReceiver, type MailReceiver } from "../../support/mail-receivers.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";
import { startSentryReceiver, type SentryReceiver } from "../../support/sentry-receiver.ts";
import { migrateShop, openSession, seedShop, startShop, type TestShop } from "../../support/shop.ts";

/** What must be nowhere: each is sent wherever text can be sent, or configures the shop. */
const marked = {
  address: "marked.person@secret.example.test",
  password: "marked-passw0rd-hunter2",
  text: "marked-text-of-any-other-field",
  token: "markedtokenmarkedtokenmarkedtokenmarkedtok1",
  ip: "203.0.113.77",
};
let postgres: TestPostgres;
let redis: TestRedis;
let mail: MailReceiver;
let sentry: SentryReceiver;
let shop: TestShop;
let session: string;

beforeAll(async () => {
  [postgres, redis, mail, sentry] = await Promise.all([
    startPostgres(),
    startRedis(),
    startSmtpReceiver(),
    startSentryReceiver(),
  ]);
  await migrateShop(postgres);
  await seedShop(postgres, 3, 5);
  await postgres.query("update account set email = $1 where id = 1", [marked.address]);
  session = await openSession(postgres, 1);
  shop = await startShop(postgres.shopUrl(), {
    SHOP_CACHE: "redis",
    SHOP_REDIS_URL: redis.url,
    SHOP_SMTP_URL: `${mail.url}?ignoreTLS=true`,
    SHOP_SENTRY_DSN: sentry.dsn,
    SHOP_SENTRY_ENVIRONMENT: "test-environment",
    SHOP_LIMITS: "raised",
  });
});
afterAll(async () => {
  await shop?.stop();
  await Promise.all([redis?.stop(), mail?.stop(), sentry?.stop()]);
  await postgres?.stop();
});

it("no secret and no address is in any log or report, whatever is asked and whatever breaks", async () => {
  const statuses = new Map<string, Set<number>>();
  const askEverything = async (when: string): Promise<void> => {
    const seen = new Set<number>();
    for (const operation of operations) for (const status of await ask(operation)) seen.add(status);
    statuses.set(when, seen);
  };

  await askEverything("all is well");
  await breakAccounts();
  const broken = await callShop(shop.url, register, { body: { email: marked.address, password: marked.password } });
  expect([broken.status, broken.body]).toMatchObject([500, { code: "fault" }]);
  await askEverything("the database quotes what it was given");
  mail.refuse(true);
  await redis.kill();
  await askEverything("Redis is away");
  await postgres.halt();
  await askEverything("the database is away");
  expect(statuses.get("all is well")).toContain(200);
  expect(statuses.get("the database is away")).toContain(503);

  // Reports are sent before the process ends.
  expect(await shop.stop()).toBe(0);
  const [log, reports] = [shop.child.output(), sentry.envelopes.join("\n")];
  await postgres.start();

  const secrets = [
    ...Object.values(marked),
    session,
    sentry.key,
    postgres.shopPassword,
    "test-password",
    "mail-test-password",
  ];
  expect(secrets.filter((secret) => log.includes(secret))).toEqual([]);
  // The key of the DSN is how an envelope says whose it is.
  const told = reports.replaceAll(sentry.key, "");
  expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
  expect(log).not.toMatch(/[\w.+-]+@[\w-]+\.[\w.]+/);

  // And still both say what broke, and where.
  expect(log).toContain("no account for [address]");
  expect(reports).toContain("no account for [address]");
  expect(reports).toContain('"environment":"test-environment"');
  expect(reports).toContain('"release":"test"');
  expect(reports).toContain('"route":"/accounts/register/"');
  const [, requestId] = /"requestId":"([0-9a-f-]{36})"/.exec(reports) ?? [];
  expect(log).toContain(`"requestId":"${requestId}"`);
}, 120_000);

/** Postgres, and many a library, puts what it was given into its messages. */
async function breakAccounts(): Promise<void> {
  await postgres.query(
    `create function refuse_account() returns trigger language plpgsql as
     $$ begin raise exception 'no account for %', new.email using detail = new.email, hint = new.password_hash; end $$`,
  );
  await postgres.query(
    "create trigger refuse_account before insert on account for each row execute function refuse_account()",
  );
}

/** Sends what fits the schema and what does not, with and without a session; every text is marked. */
async function ask({ method, path, query, body }: Operation): Promise<readonly number[]> {
  const place = path.replaceAll(/:\w+/g, "1");
  const search = `?${new URLSearchParams({ ...textsOf(query), email: marked.address, q: marked.text }).toString()}`;
  const bodies = body === undefined ? [undefined] : [JSON.stringify(sample(body)), `{"email":"${marked.address}`];
  const statuses: number[] = [];
  for (const token of [session, marked.token]) {
    for (const sent of bodies) {
      const answer = await shop.fetch(place + search, {
        method: method.toUpperCase(),
        token,
        client: marked.ip,
        ...(sent === undefined ? {} : { body: sent }),
        headers: { cookie: `session=${marked.token}`, "idempotency-key": marked.text },
      });
      await answer.arrayBuffer();
      statuses.push(answer.status);
    }
  }
  return statuses;
}

function textsOf(schema: z.ZodObject | undefined): Record<string, string> {
  return Object.fromEntries(Object.keys(schema?.shape ?? {}).map((name) => [name, marked.text]));
}

/** A value of roughly the schema's shape, whose texts are marked. */
function sample(schema: z.ZodType): unknown {
  return sampleOf(z.toJSONSchema(schema, { io: "input", unrepresentable: "any", reused: "inline" }), "");
}

function sampleOf(schema: z.core.JSONSchema._JSONSchema, name: string): unknown {
  if (typeof schema === "boolean") return marked.text;
  if (schema.type === "object") {
    const fields = Object.entries(schema.properties ?? {});
    return Object.fromEntries(fields.map(([field, inner]) => [field, sampleOf(inner, field)]));
  }
  if (schema.type === "array") {
    const { items } = schema;
    return items === undefined || Array.isArray(items) ? [] : [sampleOf(items, name)];
  }
  if (schema.type === "integer" || schema.type === "number") return 1;
  if (schema.type === "boolean") return true;
  if (/mail/i.test(name)) return marked.address;
  if (/password/i.test(name)) return marked.password;
  return /token/i.test(name) ? marked.token : marked.text;
}
