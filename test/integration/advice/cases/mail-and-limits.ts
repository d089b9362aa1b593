import type { Course } from "../../../support/made-up-series.ts";
import { growing, now, refusals, since, until, type Case } from "./case.ts";

const mails = (accepted: number, failed: number): Record<string, Course> => ({
  'shop_mail_messages_total{outcome="accepted"}': growing(accepted),
  'shop_mail_messages_total{outcome="failed"}': growing(failed),
});

/** Signals of mail and of limits. */
export const mailAndLimitCases: readonly Case[] = [
  {
    what: "mails are of the day's quota",
    signal: "mail-quota-ratio",
    instances: { w1: { shop_mail_last_day: 400, shop_mail_quota_per_day: 500 } },
    level: 0.8,
  },
  {
    what: "the day's quota is of the transport that runs, not of an instance that it replaced a minute ago",
    signal: "mail-quota-ratio",
    instances: {
      w1: { shop_mail_last_day: until(now - 60, 213), shop_mail_quota_per_day: until(now - 60, 500) },
      w2: { shop_mail_last_day: since(now - 120, 220), shop_mail_quota_per_day: since(now - 120, 1_333) },
    },
    level: 220 / 1_333,
    lengthSeconds: 600,
  },
  {
    what: "failures are a share of mails",
    signal: "mail-failure-ratio",
    instances: { w1: mails(0.95, 0.05) },
    level: 0.05,
  },
  {
    what: "mails count whoever sends them",
    signal: "mail-failure-ratio",
    instances: { w1: mails(0.5, 0), "mail-worker": mails(0.4, 0.1) },
    level: 0.1,
  },
  {
    what: "the time of mail is of requests that send it themselves",
    signal: "mail-in-request-p95",
    instances: {
      w1: {
        'shop_mail_in_request_seconds_bucket{delivery="inline",le="0.2"}': growing(0),
        'shop_mail_in_request_seconds_bucket{delivery="inline",le="0.4"}': growing(1),
        'shop_mail_in_request_seconds_bucket{delivery="inline",le="+Inf"}': growing(1),
        'shop_mail_in_request_seconds_bucket{delivery="queue",le="0.2"}': growing(100),
        'shop_mail_in_request_seconds_bucket{delivery="queue",le="+Inf"}': growing(100),
      },
    },
    level: 0.39,
  },
  {
    what: "a lost mail is an event, and none is zero",
    signal: "mails-lost",
    instances: { w1: { shop_mail_unsent_orders: (at) => (at > now - 7_200 && at < now - 5_400 ? 2 : 0) } },
    level: 2,
  },
  {
    what: "no lost mail in all that is known is zero",
    signal: "mails-lost",
    instances: { w1: { shop_mail_unsent_orders: 0 } },
    level: 0,
  },
  {
    what: "refusals count at shared addresses, over all requests",
    signal: "shared-address-refusal-ratio",
    instances: { w1: refusals(0.02, 0.9, 1) },
    level: 0.02,
  },
];
