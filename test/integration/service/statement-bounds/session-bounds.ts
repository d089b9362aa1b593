import { hashToken, issueSecret, issueTokens } from "../../../../service/accounts/session-tokens.ts";
import { resendVerification, verifyEmail } from "../../../../service/contract/accounts.ts";
import { requestOf } from "../../../../service/contract/client.ts";
import { changePassword, confirmReset, requestReset } from "../../../../service/contract/passwords.ts";
import { seededUser } from "../../../../service/contract/routes.ts";
import {
  listSessions,
  logOut,
  logOutEverywhere,
  refreshSession,
  revokeSession,
} from "../../../../service/contract/sessions.ts";
import type { TestPostgres } from "../../../support/postgres.ts";
import { openSessions } from "../../../support/shop.ts";
import { repeats, type Bounds } from "./measured.ts";

/** Operations that change what their user has; each has `repeats` users of its own. */
const kinds = [
  "verify",
  "resend",
  "refresh",
  "logOut",
  "everywhere",
  "list",
  "revoke",
  "change",
  "reset",
  "confirm",
] as const;
type Kind = (typeof kinds)[number];

const userOf = (kind: Kind, n: number): number => repeats * (1 + kinds.indexOf(kind)) + n;
const usersOf = (kind: Kind): number[] => Array.from({ length: repeats }, (_, index) => userOf(kind, index + 1));

/** Users that a shop must be seeded with for these bounds. */
export const usersOfSessions = repeats * (1 + kinds.length);

/** Bounds of what is done with sessions, codes and passwords. */
export async function sessionBounds(postgres: TestPostgres): Promise<Bounds> {
  const tokens = new Map<Kind, string[]>();
  for (const kind of kinds) tokens.set(kind, await openSessions(postgres, usersOf(kind)));
  const token = (kind: Kind, n: number): string => tokens.get(kind)![n - 1]!;
  const refreshTokens = await makeRefreshable(postgres, tokens.get("refresh")!);
  const verifyCodes = await makeCodes(postgres, usersOf("verify"), "verify-email");
  const resetCodes = await makeCodes(postgres, usersOf("confirm"), "reset-password");
  await postgres.query("update account set email_verified_at = null where id = any ($1)", [usersOf("resend")]);
  const ids = await idsOf(postgres, tokens.get("revoke")!);
  const newPassword = "another long password";
  return {
    [verifyEmail.id]: { most: 1, request: (n) => requestOf(verifyEmail, { body: { code: verifyCodes[n - 1]! } }) },
    [resendVerification.id]: { most: 4, request: (n) => requestOf(resendVerification, {}, token("resend", n)) },
    [refreshSession.id]: {
      most: 4,
      request: (n) => requestOf(refreshSession, { body: { refreshToken: refreshTokens[n - 1]! } }),
    },
    [logOut.id]: { most: 2, request: (n) => requestOf(logOut, {}, token("logOut", n)) },
    [logOutEverywhere.id]: { most: 3, request: (n) => requestOf(logOutEverywhere, {}, token("everywhere", n)) },
    [listSessions.id]: { most: 2, request: (n) => requestOf(listSessions, {}, token("list", n)) },
    [revokeSession.id]: {
      most: 2,
      request: (n) => requestOf(revokeSession, { params: { id: ids[n - 1]! } }, token("revoke", n)),
    },
    [changePassword.id]: {
      most: 5,
      request: (n) => {
        const body = { currentPassword: seededUser.password, newPassword };
        return requestOf(changePassword, { body }, token("change", n));
      },
    },
    [requestReset.id]: {
      most: 3,
      request: (n) => requestOf(requestReset, { body: { email: seededUser.email(userOf("reset", n)) } }),
    },
    [confirmReset.id]: {
      most: 4,
      request: (n) => requestOf(confirmReset, { body: { code: resetCodes[n - 1]!, password: newPassword } }),
    },
  };
}

async function makeRefreshable(postgres: TestPostgres, tokens: readonly string[]): Promise<string[]> {
  const issued = tokens.map(() => issueTokens(Date.now()));
  for (const [index, { familyHash, refreshHash }] of issued.entries()) {
    await postgres.query(
      "update user_session set family_hash = $2, refresh_hash = $3, token_version = 0 where token_hash = $1",
      [hashToken(tokens[index]!), familyHash, refreshHash],
    );
  }
  return issued.map(({ refreshToken }) => refreshToken);
}

async function makeCodes(postgres: TestPostgres, users: readonly number[], purpose: string): Promise<string[]> {
  const codes = users.map(() => issueSecret());
  await postgres.query(
    `insert into mail_token (token_hash, account_id, purpose, expires_at)
     select hash, account, $3, now() + interval '10 minutes' from unnest($1::bytea[], $2::bigint[]) as c (hash, account)`,
    [codes.map((code) => hashToken(code)), users, purpose],
  );
  return codes;
}

async function idsOf(postgres: TestPostgres, tokens: readonly string[]): Promise<string[]> {
  const rows = await postgres.query<{ id: string }>(
    `select s.public_id as id from unnest($1::bytea[]) with ordinality as t (hash, place)
     join user_session s on s.token_hash = t.hash order by t.place`,
    [tokens.map((token) => hashToken(token))],
  );
  return rows.map(({ id }) => id);
}
