import type { IncomingMessage, ServerResponse } from "node:http";
import { hashToken, issueSecret } from "../accounts/session-tokens.ts";
import { deviceLabel } from "../shop/device-label.ts";
import type { Place } from "../store/logins.ts";
import { clientAddressOf, clientKeyOf } from "./client-of.ts";

const cookieName = "shop_device";
const cookieDays = 180;
const wellFormed = /^[\w-]{43}$/;
const inCookies = new RegExp(`(?:^|;\\s*)${cookieName}=([\\w-]{43})(?:;|$)`);

/** Token of the device that asks: its header, or a browser's cookie. Undefined when it has none. */
export function deviceTokenOf({ headers }: IncomingMessage): string | undefined {
  const header = headers["device-token"];
  if (typeof header === "string" && wellFormed.test(header)) return header;
  return inCookies.exec(headers.cookie ?? "")?.[1];
}

/** A token for a device that the account will trust: the one that it trusts already, or a new one. */
export function issueDevice(known: string | undefined): { token: string; hash: Buffer } {
  const token = known ?? issueSecret();
  return { token, hash: hashToken(token) };
}

/** What a device is known by beside its token. */
export function placeOf(request: IncomingMessage): Place {
  return {
    label: deviceLabel(request.headers["user-agent"]),
    network: clientAddressOf(request) === undefined ? undefined : clientKeyOf(request),
  };
}

/** Browsers keep the token where scripts cannot read it and send it to the accounts' routes only. */
export function setDeviceCookie(request: IncomingMessage, response: ServerResponse, token: string): void {
  const kept = `Max-Age=${cookieDays * 86_400}; Path=/accounts/; HttpOnly; SameSite=Strict`;
  response.setHeader("Set-Cookie", `${cookieName}=${token}; ${kept}${request.isSecure ? "; Secure" : ""}`);
}
