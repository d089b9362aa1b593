import pg from "pg";
import { waitUntil } from "../wait-until.ts";

/**
 * What RDS makes in a new instance: a database, and its owner, who may make roles but is no superuser
 * (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.MasterAccounts.html). The server is the one of `REHEARSAL_DATABASE`.
 */
export async function makeDatabase(name: string, owner: { readonly role: string; readonly password: string }) {
  await asSuperuser(async (client) => {
    const role = client.escapeIdentifier(owner.role);
    await client.query(
      `create role ${role} login createdb createrole password ${client.escapeLiteral(owner.password)}`,
    );
    await client.query(`alter database ${client.escapeIdentifier(name)} owner to ${role}`);
  });
}

/** What a start of the instance brings into force of its parameter group; `RdsServers` restarts what waits for it. */
export async function bootWith(maxConnections: string): Promise<void> {
  await asSuperuser(async (client) => {
    await client.query(`alter system set max_connections = ${Number(maxConnections)}`);
    await client.query("select pg_reload_conf()");
  });
  await waitUntil(`max_connections to be ${maxConnections}`, async () => await asSuperuser(inForce(maxConnections)));
}

function inForce(maxConnections: string): (client: pg.Client) => Promise<boolean> {
  return async (client) => {
    const { rows } = await client.query<{ max_connections: string }>("show max_connections");
    return rows[0]?.max_connections === maxConnections;
  };
}

async function asSuperuser<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: process.env["REHEARSAL_DATABASE"] });
  // It goes away for a restart.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A mail that the worker gave up, about an event. */
export async function giveUpMail(event: string): Promise<void> {
  await asSuperuser((client) =>
    client.query(
      `insert into mail_outbox (event, kind, recipient, subject, body, state, attempts, last_error, ended_at)
       values ($1, 'order-confirmation', 'customer@example.test', 'Your order', 'Thank you', 'failed', 5, '550', now())`,
      [event],
    ),
  );
}

/** States of the mails in the outbox, by event. */
export async function mailStates(): Promise<Record<string, string>> {
  const { rows } = await asSuperuser((client) =>
    client.query<{ event: string; state: string }>("select event, state from mail_outbox where event is not null"),
  );
  return Object.fromEntries(rows.map(({ event, state }) => [event, state]));
}

export async function forgetMails(): Promise<void> {
  await asSuperuser((client) => client.query("delete from mail_outbox"));
}
