import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { routes, seededUser } from "../../../service/contract/routes.ts";
import { startSmtpReceiver, type MailReceiver } from "../../support/mail-receivers.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { migrateShop, seedShop, startShop, type TestShop } from "../../support/shop.ts";
import { measureTimingGap, type Probe } from "../../support/timing-gap.ts";

const users = 400;
const enough = 0.05;

let postgres: TestPostgres;
let smtp: MailReceiver;
let shop: TestShop;

beforeAll(async () => {
  [postgres, smtp] = await Promise.all([startPostgres(), startSmtpReceiver()]);
  await migrateShop(postgres);
  await seedShop(postgres, users, 5);
  shop = await startShop(postgres.shopUrl(), { SHOP_MAIL: "smtp", SHOP_SMTP_URL: smtp.url });
});
afterAll(async () => {
  await shop?.stop();
  await smtp?.stop();
  await postgres?.stop();
});

/** An address with an account and one as long without, another each round, so that no limit is met. */
const addresses = [
  (round: number) => seededUser.email(1 + (round % users)),
  (round: number) => seededUser.email(1 + (round % users)).replace("shopper", "nobodys"),
] as const;

/** Headers that differ between any two answers, or follow from the body, which is compared itself. */
const varying = ["date", "x-request-id", "ratelimit", "content-length", "etag"];

/** Posts as someone new each time, and gives status, headers and body with the address taken out. */
function probes(path: string, bodyOf: (email: string) => unknown): [Probe, Probe] {
  const probe = (side: 0 | 1): Probe => {
    return async (round) => {
      const email = addresses[side](round);
      const client = `10.${side + 1}.${round >> 8}.${round & 255}`;
      const answer = await shop.fetch(path, { json: bodyOf(email), client });
      const text = (await answer.text()).replaceAll(email, "the address");
      const headers = [...answer.headers].filter(([name]) => !varying.includes(name));
      return JSON.stringify([answer.status, headers, text]);
    };
  };
  return [probe(0), probe(1)];
}

async function expectNoDifference(status: number, [known, unknown]: [Probe, Probe], pairs: number): Promise<void> {
  // What only the first request of a process does is not part of the comparison.
  await known(users - 1);
  await unknown(users - 1);
  const { seen, gap } = await measureTimingGap([known, unknown], { pairs, enough });
  expect([...seen]).toEqual([expect.stringMatching(new RegExp(`^\\[${status},`))]);
  expect(gap).toBeLessThan(enough);
}

describe("fault 23: whether an address has an account cannot be told", () => {
  it("at login, by answer or time", async () => {
    const login = probes(routes.token, (email) => ({ email, password: "a wrong password" }));
    await expectNoDifference(401, login, 100);
  });

  it("at a reset of the password, by answer or time", async () => {
    await expectNoDifference(
      202,
      probes(routes.resetPassword, (email) => ({ email })),
      12,
    );
  });

  it("at registering, by answer or time", async () => {
    const register = probes(routes.register, (email) => ({ email, password: "a long password" }));
    await expectNoDifference(202, register, 12);
  });

  it("by a lock, which comes after as many attempts", async () => {
    const last = users - 2;
    const statuses = async (probe: Probe): Promise<readonly string[]> => {
      const answers: string[] = [];
      for (let n = 0; n < 12; n += 1) answers.push(await probe(last));
      return answers.map((answer) => answer.slice(1, 4));
    };
    const [known, unknown] = probes(routes.token, (email) => ({ email, password: "a wrong password" }));
    expect(await statuses(known)).toEqual([...Array<string>(10).fill("401"), "429", "429"]);
    expect(await statuses(unknown)).toEqual([...Array<string>(10).fill("401"), "429", "429"]);
  });
});
