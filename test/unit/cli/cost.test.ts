import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Snapshot } from "../../../cli/advice/snapshot.ts";
import { awsBill } from "../../../cli/planning/cost/aws-bill.ts";
import { breakEvens } from "../../../cli/planning/cost/break-evens.ts";
import { measuredUsage } from "../../../cli/planning/cost/measured-usage.ts";
import { figures } from "../../../service/contract/figures.ts";
import { planTotals } from "../../../cli/planning/cost/plan-totals.ts";
import { roadTopology } from "../../../cli/planning/cost/road-topology.ts";
import { plannedUsage, scaleUsage } from "../../../cli/planning/cost/usage.ts";
import { costOf, totalOf } from "../../../cli/planning/cost.ts";
import { steps } from "../../../cli/phases/index.ts";
import { breakEvenPicture } from "../../../cli/render/charts/break-even-picture.ts";
import { budgetOf, costReport } from "../../../cli/rollout/cost-report.ts";
import { baseline, type Topology } from "../../../infra/topology/topology.ts";
import { anyTopology } from "../../support/any-topology.ts";

const question = {
  environment: null,
  subject: "a test",
  target: "local",
  topology: baseline,
  after: undefined,
  usage: plannedUsage(5_000),
  budgetUsdPerMonth: undefined,
} as const;

const withMail: Topology = { ...baseline, mail: "sendgrid" };
const itemsOf = (topology: Topology, users: number) => costOf(topology, plannedUsage(users)).lines;
const mailAt = (users: number) => itemsOf(withMail, users).find(({ item }) => item.startsWith("SendGrid"));

describe("the growth plan's totals", () => {
  it("come out of its own parts at its own usage, and each difference is named", () => {
    const shown = planTotals().map(({ name, planUsdPerMonth, exactUsdPerMonth }) => [
      name,
      planUsdPerMonth,
      exactUsdPerMonth,
    ]);
    expect(shown).toEqual([
      ["baseline", 7, 7],
      ["phase 1", 75, 74.95],
      ["phase 2", 150, 150.01],
      ["100,000 users", 236, 235.95],
    ]);
    expect(planTotals()[2]?.relation).toBe(
      "+0.01; the plan gives this total without its parts; its own prices make it where it has phase 2 complete, with mail by SES, which its checklist names beside SendGrid; by SendGrid they make 165.95 at 10,000 users (Essentials) and 235.95 here, where 40,150 mails a month are more than the 40,000 of Essentials",
    );
  });

  it("has no 150 by SendGrid, whichever parts of phase 2 are left out", () => {
    const { tiers, database, cache, email, cdn, errorTracking } = figures;
    const fixed = tiers.pro.usdPerMonth + database.paid.usdPerMonth;
    const mail = [email.sendgridEssentials.usdPerMonth, email.sendgridPro.usdPerMonth];
    const others = [cache.budgetUsdPerMonth, cdn.cloudfrontUsdPerMonth, errorTracking.sentryTeamUsdPerMonth];
    const [redis, edge, faults] = others;
    const sums = mail.flatMap((one) =>
      [0, redis!].flatMap((a) => [0, edge!].flatMap((b) => [0, faults!].map((c) => fixed + one + a + b + c))),
    );
    expect(sums.length).toBe(16);
    const nearest = Math.min(...sums.map((sum) => Math.abs(sum - figures.totalsUsdPerMonth.phase2)));
    expect(nearest).toBeGreaterThan(0.5);
  });

  it("have the road's topologies where the plan asks for them", () => {
    expect(roadTopology(7_999)).toEqual(baseline);
    const undone = (users: number) =>
      steps.filter((step) => !step.isDone(roadTopology(users))).map(({ phase }) => phase);
    expect([undone(8_000).includes(1), undone(20_000).includes(2), undone(50_000)]).toEqual([false, false, []]);
  });
});

describe("usage", () => {
  it("decides SendGrid's plan, and is told where no plan suffices", () => {
    expect(mailAt(19_925)?.item).toBe("SendGrid Essentials");
    expect(mailAt(19_926)?.item).toBe("SendGrid Pro");
    expect(mailAt(49_813)).not.toHaveProperty("exceeded");
    expect(mailAt(100_000)).toEqual({
      item: "SendGrid Pro",
      usdPerMonth: 89.95,
      assumption: "up to 100,000 mails a month",
      exceeded: "200,750 mails a month, and the growth plan names no larger plan; by SES they cost 20.08",
    });
    expect(itemsOf(baseline, 8_000).find(({ item }) => item === "Mail by SMTP")?.exceeded).toBe(
      "528 mails a day; the transport takes 500",
    );
  });

  it("is taken from the shop's counters over the life of their processes", () => {
    expect(measuredUsage(scraped)).toMatchObject({
      users: { value: 8_500, basis: "counted by the shop (shop_users)" },
      requestsPerMonth: { value: 262_800_000, basis: "haproxy_frontend_http_requests_total, over the last 60 min" },
      mailsPerMonth: { value: 36_500, basis: "1200 in the last 24 hours (shop_mail_last_day)" },
      cacheCommandsPerMonth: { value: 7_884_000 },
      egressGiBPerMonth: { value: 730 },
      databaseGiB: { value: 0.5 },
    });
  });

  it("says of what was not measured that it is the growth plan's, and is none without users", () => {
    const [shop] = scraped.endpoints;
    const requests = measuredUsage({ ...scraped, endpoints: [shop!] })?.requestsPerMonth;
    expect(requests?.value).toBe(plannedUsage(8_500).requestsPerMonth.value);
    expect(requests?.basis).toMatch(/^not measured; the growth plan's/);
    expect(measuredUsage({ ...scraped, endpoints: [] })).toBeUndefined();
  });

  it("grows with the users", () => {
    const twice = scaleUsage(plannedUsage(10_000), 20_000);
    expect(twice.mailsPerMonth.value).toBe(plannedUsage(10_000).mailsPerMonth.value * 2);
  });
});

describe("break-evens", () => {
  it("are where the offers meet", () => {
    expect(breakEvens().map(({ between, volume, users }) => [between, volume, users])).toEqual([
      ["Gmail SMTP → a paid plan", 15_208, 7_575],
      ["SendGrid Essentials → Pro", 40_000, 19_925],
      ["SendGrid Essentials = SES", 199_500, 99_377],
      ["SendGrid Pro = SES", 899_500, 448_069],
      ["Upstash by the command = the flat budget", 5_000_000, 421],
      ["pro = standard instances", 3.4, null],
    ]);
  });

  it("are drawn in colours that follow light and dark", () => {
    const picture = breakEvenPicture();
    expect(picture).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 760 640" role="img">/);
    expect(picture).toContain("prefers-color-scheme:dark");
    expect(picture.match(/stroke="var\(--(first|second)\)"/g)?.length).toBeGreaterThanOrEqual(4);
    expect(picture).not.toMatch(/<script|href=/);
  });
});

describe("a bill", () => {
  it("is its lines' sum on both targets, and without usage the smallest plans", () => {
    fc.assert(
      fc.property(anyTopology, fc.integer({ min: 1, max: 1_000_000 }), (topology, users) => {
        const usage = plannedUsage(users);
        const aws = awsBill(topology, usage);
        expect(costOf(topology, usage).usdPerMonth).toBe(totalOf(costOf(topology, usage).lines));
        expect(costOf(topology).usdPerMonth).toBe(costOf(topology, plannedUsage(1)).usdPerMonth);
        expect(aws.every(({ usdPerMonth }) => usdPerMonth >= 0)).toBe(true);
        const ofAws = aws.filter(({ item }) => !/^(Sentry|SendGrid) /.test(item));
        expect(ofAws.every((line) => line.assumption.includes("https://aws."))).toBe(true);
      }),
    );
  });

  it("has one provider of mail on AWS too", () => {
    const mail = (topology: Topology) =>
      awsBill(topology, plannedUsage(30_000)).filter(({ item }) => /^(SES|SendGrid)/.test(item));
    expect(mail(baseline)).toMatchObject([{ item: "SES" }]);
    expect(mail({ ...baseline, mail: "sendgrid" })).toMatchObject([{ item: "SendGrid Pro", usdPerMonth: 89.95 }]);
  });

  it("is within a budget up to its last cent; of a plan it is the one after", () => {
    const within = (usd: number, after?: Topology) =>
      costReport({ ...question, after, budgetUsdPerMonth: usd }).budget?.within;
    expect([within(7), within(6.99)]).toEqual([true, false]);
    expect([within(25, { ...baseline, tier: "standard" }), within(24.99, { ...baseline, tier: "standard" })]).toEqual([
      true,
      false,
    ]);
    expect(costReport(question).budget).toBeNull();
  });

  it.each(["x", "-1", "1e9", "15.123", ""])("takes no budget of %j", (text) => {
    expect(() => budgetOf(text)).toThrow("configuration");
  });

  it("names the date of its prices", () => {
    expect(costReport(question).prices.knownOn).toBe("2026-11-22");
    const { prices } = costReport({ ...question, target: "aws" });
    expect(prices).toEqual({
      name: "AWS list prices, on demand, us-east-1",
      knownOn: "2025-06-01",
      caution: "list prices as known on 2025-06-01, not fetched; without taxes, free tier, savings plans or support",
    });
  });
});

const at = Date.parse("2026-01-01T01:00:00Z");
const sample = (name: string, value: number, labels: Record<string, string> = {}) => ({ name, labels, value });
const scraped: Snapshot = {
  at: new Date(at).toISOString(),
  endpoints: [
    {
      job: "shop",
      instance: "web-1",
      samples: [
        sample("process_start_time_seconds", at / 1_000 - 1_000),
        sample("shop_users", 8_500),
        sample("shop_mail_last_day", 1_200),
        sample("shop_cache_hits_total", 1_500, { cache: "product" }),
        sample("shop_cache_misses_total", 500, { cache: "product" }),
        sample("shop_limit_checks_total", 1_000, { rule: "api" }),
        sample("shop_db_size_bytes", 2 ** 29),
      ],
    },
    {
      job: "router",
      instance: "router",
      samples: [
        sample("haproxy_process_start_time_seconds", at / 1_000 - 3_600),
        sample("haproxy_frontend_http_requests_total", 360_000, { proxy: "shoppers" }),
        sample("haproxy_frontend_http_requests_total", 99, { proxy: "metrics" }),
        sample("haproxy_frontend_http_requests_total", 40_000, { proxy: "origin" }),
        sample("haproxy_frontend_bytes_out_total", 2 ** 30, { proxy: "shoppers" }),
      ],
    },
  ],
};
