import type { StoredTokens } from "../accounts/session-tokens.ts";
import type { Database } from "./database.ts";
import type { Transaction } from "./transaction.ts";

/** What became of a refresh. */
export type Refreshed =
  | { readonly outcome: "refreshed"; readonly accountId: number; readonly oldTokenHash: Buffer }
  /** The token was used before: its session is over now. */
  | {
      readonly outcome: "replayed";
      readonly accountId: number;
      readonly oldTokenHash: Buffer;
      readonly device: string;
    }
  | { readonly outcome: "refused" };

interface FamilyRow {
  readonly account_id: number;
  readonly token_hash: Buffer;
  readonly device_label: string | null;
  readonly is_good: boolean;
  readonly is_newest: boolean;
}

/**
 * Exchanges a session's tokens for new ones. The row stays locked from looking to writing: of two refreshes with one token
 * the second sees that it was used, and ends the session.
 */
export function refreshSession(database: Database, refreshHash: Buffer, tokens: StoredTokens): Promise<Refreshed> {
  return database.transaction<Refreshed>(
    async (transaction) => {
      const rows = await transaction.query<FamilyRow>(
        `select s.account_id, s.token_hash, s.device_label, s.refresh_hash = $2 as is_newest,
                s.expires_at > now() and s.revoked_at is null and s.token_version >= a.token_version as is_good
         from user_session s join account a on a.id = s.account_id where s.family_hash = $1 for update of s`,
        [tokens.familyHash, refreshHash],
      );
      const family = rows[0];
      if (family === undefined || !family.is_good) return { outcome: "refused" };
      const session = { accountId: family.account_id, oldTokenHash: family.token_hash };
      if (family.is_newest) {
        renew(transaction, session, tokens);
        return { outcome: "refreshed", ...session };
      }
      endReplayed(transaction, session);
      return { outcome: "replayed", ...session, device: family.device_label ?? "Unknown device" };
    },
    ({ outcome }) => outcome !== "refused",
  );
}

interface FoundSession {
  readonly accountId: number;
  readonly oldTokenHash: Buffer;
}

function renew(transaction: Transaction, session: FoundSession, tokens: StoredTokens): void {
  transaction.send(
    `update user_session set token_hash = $3, access_expires_at = $4, refresh_hash = $5, expires_at = $6, last_seen_at = now()
     where account_id = $1 and token_hash = $2`,
    [
      session.accountId,
      session.oldTokenHash,
      tokens.tokenHash,
      tokens.accessExpiresAt,
      tokens.refreshHash,
      tokens.expiresAt,
    ],
  );
}

function endReplayed(transaction: Transaction, session: FoundSession): void {
  transaction.send(
    `update user_session set revoked_at = now(), revoked_because = 'replay', expires_at = now()
     where account_id = $1 and token_hash = $2`,
    [session.accountId, session.oldTokenHash],
  );
}
