import { parseArgs } from "node:util";
import pg from "pg";

const usage = `usage: SHOP_STAFF_URL=postgres://… node staff.js --email <address> --grant | --revoke
       SHOP_STAFF_URL=postgres://… node staff.js --list`;

interface Wish {
  readonly email: string | undefined;
  readonly action: "grant" | "revoke" | "list";
}

/** Reads the flags; undefined when they are not as they should be. */
function readWish(): Wish | undefined {
  try {
    const flag = { type: "boolean", default: false } as const;
    const options = { email: { type: "string" }, grant: flag, revoke: flag, list: flag } as const;
    const { values } = parseArgs({ options });
    const actions = (["grant", "revoke", "list"] as const).filter((name) => values[name]);
    const [action] = actions;
    const email = values.email?.trim().toLowerCase();
    const fits = actions.length === 1 && (action === "list") === (email === undefined);
    return fits && action !== undefined ? { email, action } : undefined;
  } catch {
    return undefined;
  }
}

/** Carries a wish out and says what is so now; undefined when nobody has the address. */
async function carryOut(client: pg.Client, { email, action }: Wish): Promise<string | undefined> {
  if (action === "list") {
    const { rows } = await client.query<{ email: string }>(
      "select a.email from staff join account a on a.id = staff.account_id order by a.email",
    );
    return rows.map((row) => row.email).join("\n");
  }
  const found = await client.query<{ id: string }>("select id from account where email = $1", [email]);
  const id = found.rows[0]?.id;
  if (id === undefined) return undefined;
  await client.query(
    action === "grant"
      ? "insert into staff (account_id) values ($1) on conflict do nothing"
      : "delete from staff where account_id = $1",
    [id],
  );
  return `${email} is ${action === "grant" ? "" : "not "}staff`;
}

/**
 * Makes an account staff of the shop at SHOP_STAFF_URL, takes it back, or lists who is: a task of the operator. The
 * shop's own role may only read who is staff, so no fault of the shop can make anybody staff.
 */
async function staff(): Promise<number> {
  const wish = readWish();
  const url = process.env["SHOP_STAFF_URL"] ?? "";
  if (wish === undefined || url === "") {
    console.error(usage);
    return 2;
  }
  const client = new pg.Client({ connectionString: url });
  client.on("error", (error) => console.error(`lost the connection to the database: ${error.message}`));
  try {
    await client.connect();
    const said = await carryOut(client, wish);
    if (said === undefined) {
      console.error("there is no account with that address");
      return 1;
    }
    console.log(said);
    return 0;
  } catch (error) {
    console.error(`nothing was changed: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await client.end();
  }
}

process.exitCode = await staff();
