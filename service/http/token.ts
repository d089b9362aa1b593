import { identityOf, type Identity } from "../accounts/identity.ts";
import { hashToken, issueTokens } from "../accounts/session-tokens.ts";
import * as contract from "../contract/accounts.ts";
import { accountQuotas } from "../limits/account-quotas.ts";
import { newDeviceMail } from "../mail/account-letters.ts";
import {
  findLoginSubject,
  insertFailedLogin,
  insertSession,
  type LoginAccount,
  type LoginSubject,
} from "../store/logins.ts";
import { refuseAccount } from "./admit-account.ts";
import { answerJson } from "./answer-json.ts";
import { attemptPassword } from "./attempt-password.ts";
import { clientAddressOf, clientKeyOf } from "./client-of.ts";
import { deviceTokenOf, issueDevice, placeOf, setDeviceCookie } from "./device-of.ts";
import { lockOut } from "./lock-out.ts";
import { answerRefusal } from "./problem.ts";
import { readInput } from "./read-input.ts";
import { route, type Route } from "./route.ts";
import type { Services } from "./services.ts";
import type { Exchange } from "./step.ts";

/**
 * Signs in. An address that has no account is treated as one that has: the same quotas and locks, the same answers after
 * the same work.
 */
export function token(services: Services): Route {
  return route(contract.signIn, async (request, response) => {
    const input = readInput(contract.signIn.body, request.body);
    if (!input.ok) return answerRefusal(response, input.refusal);
    const { email, password } = input.value;
    const identity = identityOf(email);
    const deviceToken = deviceTokenOf(request);
    const subject = await findLoginSubject(services.database, {
      email,
      identityHash: identity.hash,
      deviceHash: deviceToken === undefined ? undefined : hashToken(deviceToken),
      place: placeOf(request),
    });
    const login = { accountId: subject.account?.id, clientAddress: clientAddressOf(request) };
    if (isLockedOut(subject)) {
      await insertFailedLogin(services.database, login, "locked");
      return refuseLocked(services, [request, response], subject);
    }

    const attempt = await attemptPassword(services, [request, response], {
      key: quotaKey(identity, subject),
      storedHash: subject.account?.passwordHash,
      password,
    });
    if (attempt.outcome === "refused") return insertFailedLogin(services.database, login, "too-many");
    if (attempt.outcome === "wrong" || subject.account === undefined) {
      await insertFailedLogin(services.database, login, "wrong-credentials");
      const isTrusted = subject.deviceId !== undefined;
      if (attempt.outcome === "wrong" && attempt.isLast && !isTrusted)
        await lockOut(services, { email, identity, subject });
      return answerRefusal(response, { code: "wrong-credentials" });
    }

    const known = subject.deviceId === undefined ? undefined : deviceToken;
    if (!(await openSession(services, [request, response], { account: subject.account, deviceToken: known }))) {
      await insertFailedLogin(services.database, login, "wrong-credentials");
      return answerRefusal(response, { code: "wrong-credentials" });
    }
    if (subject.isNewPlace) tellOwner(services, email, placeOf(request).label);
  });
}

function isLockedOut({ deviceId, lockedUntil }: LoginSubject): boolean {
  return deviceId === undefined && lockedUntil !== undefined;
}

/** Attempts on a trusted device count for that device only: nobody else can use them up, and it none of theirs. */
function quotaKey(identity: Identity, { deviceId }: LoginSubject): string {
  return deviceId === undefined ? identity.key : `${identity.key}:${deviceId}`;
}

function refuseLocked(services: Services, exchange: Exchange, { lockedUntil = new Date() }: LoginSubject): void {
  const resetSeconds = Math.max(1, Math.ceil((lockedUntil.getTime() - Date.now()) / 1_000));
  refuseAccount(services, exchange, accountQuotas.failedLogins, { allowed: false, remaining: 0, resetSeconds });
}

/** False when there is no session for it any more, because the password was changed while it was checked. */
async function openSession(
  { database, sharedAddresses, metrics }: Services,
  [request, response]: Exchange,
  login: { readonly account: LoginAccount; readonly deviceToken: string | undefined },
): Promise<boolean> {
  const { account } = login;
  const device = issueDevice(login.deviceToken);
  const tokens = issueTokens(Date.now());
  const clientAddress = clientAddressOf(request);
  const place = placeOf(request);
  const isOpen = await insertSession(database, { ...tokens, account, clientAddress, deviceHash: device.hash, place });
  if (!isOpen) return false;
  sharedAddresses.see(clientKeyOf(request), account.id);
  metrics.logins.inc();
  setDeviceCookie(request, response, device.token);
  answerJson(response, 200, {
    token: tokens.token,
    expiresAt: tokens.accessExpiresAt.toISOString(),
    refreshToken: tokens.refreshToken,
    refreshExpiresAt: tokens.expiresAt.toISOString(),
    deviceToken: device.token,
  } satisfies contract.TokenAnswer);
  return true;
}

function tellOwner({ background, postOffice }: Services, email: string, device: string): void {
  background.run("alert of a new device", () => postOffice.send(newDeviceMail(email, device, new Date())));
}
