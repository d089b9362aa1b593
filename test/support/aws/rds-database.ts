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

/** Works on the server as nobody may on RDS. */
export async function asSuperuser<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
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
