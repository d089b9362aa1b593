import type { Request, Response } from "express";
import { hashToken, issueSecret } from "../accounts/session-tokens.ts";
import { deviceLabel } from "../shop/device-label.ts";
import type { Place } from "../store/logins.ts";
import { clientAddressOf, clientKeyOf } from "./client-of.ts";

const cookieName = "shop_device";
const cookieDays = 180;
const wellFormed = /^[\w-]{43}$/;
const inCookies = new RegExp(`(?:^|;\\s*)${cookieName}=([\\w-]{43})(?:;|$)`);

/** Token of the device that asks: its header, or a browser's cookie. Undefined when it has none. */
export function deviceTokenOf(request: Request): string | undefined {
  const header = request.get("device-token");
  if (header !== undefined && wellFormed.test(header)) return header;
  return inCookies.exec(request.get("cookie") ?? "")?.[1];
}

/** A token for a device that the account will trust: the one that it trusts already, or a new one. */
export function issueDevice(known: string | undefined): { token: string; hash: Buffer } {
  const token = known ?? issueSecret();
  return { token, hash: hashToken(token) };
}

/** What a device is known by beside its token. */
export function placeOf(request: Request): Place {
  return {
    label: deviceLabel(request.get("user-agent")),
    network: clientAddressOf(request) === undefined ? undefined : clientKeyOf(request),
  };
}

/** Browsers keep the token where scripts cannot read it and send it to the accounts' routes only. */
export function setDeviceCookie(request: Request, response: Response, token: string): void {
  response.cookie(cookieName, token, {
    httpOnly: true,
    sameSite: "strict",
    secure: request.secure,
    path: "/accounts/",
    maxAge: cookieDays * 86_400_000,
  });
}
