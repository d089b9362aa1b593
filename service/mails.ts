import { parseArgs } from "node:util";
import pg from "pg";
import type { MailQuota } from "./contract/mails.ts";
import { mailTransports, type MailTransportName } from "./mail/mail.ts";
import { planQuotaPerDay } from "./mail/mail-settings.ts";
import { readMailQuota, setMailQuota } from "./store/mail-quota.ts";
import { listFailedMails, retryFailedMails } from "./store/outbox-failures.ts";
import type { Queryable } from "./store/queryable.ts";

/** More would not be read; the newest are the ones that matter. */
const longestList = 1_000;
const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/**
 * The mails of the database at SHOP_MAILS_URL: `node mails.js failed` lists those that were given up as JSON, `node
 * mails.js retry ID` or `retry --all` lets them be tried again and gives their ids, and `node mails.js quota TRANSPORT`
 * gives what a provider takes a day; with a number or `plan` after it that is changed first. It needs neither a worker nor
 * Redis.
 */
async function work(databaseUrl: string, command: readonly string[], all: boolean): Promise<object> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on("error", (error) => console.error(`lost the connection to the database: ${error.message}`));
  await client.connect();
  const store = {
    query: async <Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []) =>
      (await client.query<Row>(sql, [...values])).rows,
  };
  try {
    const [verb, subject, change] = command;
    if (verb === "failed") return { mails: await listFailedMails(store, longestList) };
    if (verb === "quota") return await quotaOf(store, findTransport(subject) ?? "smtp", change);
    return { retried: await retryFailedMails(store, all ? undefined : subject) };
  } finally {
    await client.end();
  }
}

async function quotaOf(store: Queryable, transport: MailTransportName, change: string | undefined): Promise<MailQuota> {
  if (change !== undefined) await setMailQuota(store, transport, change === "plan" ? undefined : Number(change));
  const { perDay, sentLastDay } = await readMailQuota(store, transport);
  return { transport, perDay: perDay ?? planQuotaPerDay[transport], isSet: perDay !== undefined, sentLastDay };
}

function findTransport(name: string | undefined): MailTransportName | undefined {
  return mailTransports.find((transport) => transport === name);
}

const { positionals, values } = parseArgs({ allowPositionals: true, options: { all: { type: "boolean" } } });
const [verb, subject, change = "plan"] = positionals;
const all = values.all ?? false;
const isRetry = verb === "retry" && (all ? subject === undefined : uuid.test(subject ?? ""));
const isQuota = verb === "quota" && findTransport(subject) !== undefined && /^([1-9]\d{0,8}|plan)$/.test(change);
const url = process.env["SHOP_MAILS_URL"];
if (url === undefined || url === "" || !(verb === "failed" || isRetry || isQuota)) {
  console.error(
    "usage: SHOP_MAILS_URL=postgres://… node mails.js failed | retry ID | retry --all | quota TRANSPORT [PER_DAY|plan]",
  );
  process.exitCode = 2;
} else {
  try {
    console.log(JSON.stringify(await work(url, positionals, all)));
  } catch (error) {
    console.error(`nothing was changed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
