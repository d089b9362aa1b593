import pg from "pg";

/**
 * What RDS makes in a new instance: a database, and its owner, who may make roles but is no superuser
 * (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.MasterAccounts.html). The server is the one of `REHEARSAL_DATABASE`.
 */
export async function makeDatabase(name: string, owner: { readonly role: string; readonly password: string }) {
  const client = new pg.Client({ connectionString: process.env["REHEARSAL_DATABASE"] });
  await client.connect();
  try {
    const role = client.escapeIdentifier(owner.role);
    await client.query(
      `create role ${role} login createdb createrole password ${client.escapeLiteral(owner.password)}`,
    );
    await client.query(`alter database ${client.escapeIdentifier(name)} owner to ${role}`);
  } finally {
    await client.end();
  }
}
