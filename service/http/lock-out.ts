import type { Identity } from "../accounts/identity.ts";
import { lockSeconds } from "../limits/account-quotas.ts";
import { lockMail } from "../mail/account-letters.ts";
import { insertLock, type LoginSubject } from "../store/logins.ts";
import type { Services } from "./services.ts";

/**
 * Shuts everyone but trusted devices out for a while, and tells the owner. The lock stands in the database, so that it
 * holds on every process, also when counters are lost.
 */
export async function lockOut(
  { database, background, postOffice }: Services,
  login: { readonly email: string; readonly identity: Identity; readonly subject: LoginSubject },
): Promise<void> {
  const { email, identity, subject } = login;
  const until = new Date(Date.now() + lockSeconds * 1_000);
  const isNew = await insertLock(database, { accountId: subject.account?.id, identityHash: identity.hash, until });
  if (!isNew || subject.account === undefined) return;
  background.run("alert of a lock", () => postOffice.send(lockMail(email, until)));
}
