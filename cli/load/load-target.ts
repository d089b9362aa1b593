import { setTimeout as delay } from "node:timers/promises";
import { metricNames } from "../../service/contract/metrics.ts";
import { largestValue } from "../advice/snapshot.ts";
import { scrape } from "../adapters/metrics/scrape.ts";
import { shopUrl } from "../../infra/environment/environment.ts";
import type { LocalSession, Session } from "../adapters/session.ts";
import { FailureError } from "../errors/failure.ts";
import { isLoopbackUrl, surveyAddress } from "./addresses.ts";
import { reachShop } from "./reach-shop.ts";
import { countSeededUsers } from "./seeded-users.ts";

/** Where load goes and as how many users. */
export interface LoadTarget {
  readonly environment: string | undefined;
  readonly baseUrl: string;
  readonly users: number;
}

const scrapeTimeoutMs = 3_000;
const countIntervalMs = 5_500;

/** A target by URL; throws FailureError `configuration` for anything but this host. */
export function targetOfUrl(url: string, users: number | undefined): LoadTarget {
  if (!isLoopbackUrl(url)) {
    throw new FailureError({
      code: "configuration",
      what: `--url ${url} is refused`,
      why: "load goes to this host only: http://127.x.y.z:PORT",
      next: ["shopctl load --env NAME"],
    });
  }
  if (users !== undefined) return { environment: undefined, baseUrl: url, users };
  throw new FailureError({
    code: "configuration",
    what: "--url needs --users",
    why: "only an environment can be asked how many seeded users it has",
    next: [`shopctl load --url ${url} --users 8500`],
  });
}

/** The router of an environment; users are those that the shop reports, as far as they are seeded ones. */
export async function targetOfEnvironment(session: LocalSession, users: number | undefined): Promise<LoadTarget> {
  const { environment } = session;
  const { name } = environment;
  const baseUrl = shopUrl(environment);
  if (users !== undefined) return { environment: name, baseUrl, users };
  let { registered, seeded } = await usersOf(session, baseUrl);
  if (seeded === 0) {
    // A shop that was filled a moment ago: its instances count their users every 5 s.
    await delay(countIntervalMs);
    ({ registered, seeded } = await usersOf(session, baseUrl));
  }
  if (seeded > 0) return { environment: name, baseUrl, users: seeded };
  throw new FailureError({
    code: "configuration",
    what: `nobody can shop in "${name}"`,
    why:
      registered === undefined
        ? `no instance says how many users there are (${metricNames.users})`
        : "no seeded user can sign in",
    next: [`shopctl load --env ${name} --users 8500`, `shopctl scale status --env ${name}`],
  });
}

/** Users that the shop counts, and how many of them the driver can sign in. */
async function usersOf(
  session: Session,
  baseUrl: string,
): Promise<{ readonly registered: number | undefined; readonly seeded: number }> {
  const target = await session.target();
  const snapshot = await scrape(await target.scrapeEndpoints(), { timeoutMs: scrapeTimeoutMs });
  const registered = largestValue(snapshot, metricNames.users);
  if (registered === undefined || registered === 0) return { registered, seeded: 0 };
  const count = (): Promise<number> => countSeededUsers(baseUrl, registered, surveyAddress(Math.random()));
  return { registered, seeded: await reachShop(baseUrl, count) };
}
