import type { ClientBase } from "pg";
import { hashToken } from "../accounts/session-tokens.ts";
import type { Reader } from "../store/database.ts";
import { findLoginSubject } from "../store/logins.ts";
import { findProduct } from "../store/products.ts";
import { findSession } from "../store/sessions.ts";

/** A query that has an optimised form, about one thing after another that there is. */
export interface FrequentQuery {
  readonly query: string;
  readonly asks: readonly ((reader: Reader) => Promise<unknown>)[];
}

/** The queries that the step `query-optimisation` changes, each about `count` things of the shop; without any where it is empty. */
export async function frequentQueries(client: ClientBase, count: number): Promise<readonly FrequentQuery[]> {
  const sessions = await client.query<{ hash: Buffer }>("select token_hash as hash from user_session limit $1", [
    count,
  ]);
  const accounts = await client.query<{ email: string }>("select email from account order by id limit $1", [count]);
  const products = await client.query<{ id: number }>(
    "select id::integer from product where retired_at is null order by id limit $1",
    [count],
  );
  const nobody = { deviceHash: undefined, place: { label: "", network: undefined } };
  return [
    {
      query: "session of a token",
      asks: sessions.rows.map(
        ({ hash }) =>
          (reader) =>
            findSession(reader, hash),
      ),
    },
    {
      query: "account that signs in",
      asks: accounts.rows.map(
        ({ email }) =>
          (reader) =>
            findLoginSubject(reader, { email, identityHash: hashToken(email), ...nobody }),
      ),
    },
    {
      query: "one product",
      asks: products.rows.map(
        ({ id }) =>
          (reader) =>
            findProduct(reader, id),
      ),
    },
  ];
}
