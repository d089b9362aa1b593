import { createHash, randomBytes } from "node:crypto";
import express from "express";
import pg from "pg";
import { Passwords } from "../../../service/accounts/passwords.ts";
import { issueTokens } from "../../../service/accounts/session-tokens.ts";
import { findLoginSubject, insertSession } from "../../../service/store/logins.ts";
import { serve } from "./serve.ts";

/** Bare Express with the two statements and the hash that are a login: no limits, logs, metrics or checks of the input. */
const pool = new pg.Pool({ connectionString: process.env["FLOOR_DATABASE_URL"], max: 10 });
const passwords = new Passwords();
const place = { label: "bare", network: "10.1.0.0" };

const query = async <Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []): Promise<Row[]> =>
  (await pool.query<Row>(sql, [...values])).rows;
const database = { form: "plain", query, read: query } as const;

const hashOf = (text: string): Buffer => createHash("sha256").update(text).digest();

async function signIn({ email, password }: { email: string; password: string }): Promise<unknown> {
  const login = { email, identityHash: hashOf(email), deviceHash: undefined, place };
  const { account } = await findLoginSubject(database, login);
  if (account === undefined || !(await passwords.matches(account.passwordHash, password))) throw new Error("refused");
  const tokens = issueTokens(Date.now());
  const deviceToken = randomBytes(32).toString("base64url");
  const opened = { ...tokens, account, clientAddress: place.network, deviceHash: hashOf(deviceToken), place };
  if (!(await insertSession(database, opened))) throw new Error("not opened");
  const { token, accessExpiresAt, refreshToken, expiresAt } = tokens;
  return { token, expiresAt: accessExpiresAt, refreshToken, refreshExpiresAt: expiresAt, deviceToken };
}

serve((app) => {
  app.use(express.json());
  app.use((request, response, next) => {
    signIn(request.body as { email: string; password: string }).then((answer) => response.json(answer), next);
  });
});
