import type { RefreshAnswer } from "../../contract/sessions.ts";
import { parseJson } from "../storage/parse-json.ts";
import { store, stored } from "../storage/storage.ts";

const storageKey = "shop.session";
const listeners = new Set<() => void>();
let held = readStored();
let stays = stored("localStorage", storageKey) !== null;

/**
 * Who is signed in, on this page. The tokens stand in the tab's session storage, or in local storage when the customer
 * asked to stay signed in; never in a cookie, so no other site can make the browser send them. What would read them is
 * a foreign script, and the page's policy lets none run.
 */
export const session = {
  /** Undefined when nobody is signed in. */
  tokens(): RefreshAnswer | undefined {
    return held !== undefined && Date.parse(held.refreshExpiresAt) > Date.now() ? held : undefined;
  },
  get isOpen(): boolean {
    return session.tokens() !== undefined;
  },
  /** Whether someone was signed in since the page was loaded. */
  hadOne: held !== undefined,
  /** As `tokens`, after a look at what another tab may have written. */
  read(): RefreshAnswer | undefined {
    held = readStored();
    return session.tokens();
  },
  begin(tokens: RefreshAnswer, stay: boolean): void {
    keep(undefined);
    stays = stay;
    session.renew(tokens);
    session.hadOne = true;
    tell();
  },
  renew({ token, expiresAt, refreshToken, refreshExpiresAt }: RefreshAnswer): void {
    keep({ token, expiresAt, refreshToken, refreshExpiresAt });
  },
  end(): void {
    keep(undefined);
    tell();
  },
  onChange(listener: () => void): void {
    listeners.add(listener);
  },
};

/** Other tabs sign in and out too. */
addEventListener("storage", ({ key }) => {
  if (key !== null && key !== storageKey) return;
  held = readStored();
  tell();
});

function tell(): void {
  for (const listener of listeners) listener();
}

function keep(tokens: RefreshAnswer | undefined): void {
  held = tokens;
  const text = tokens && JSON.stringify(tokens);
  store("sessionStorage", storageKey, stays ? undefined : text);
  store("localStorage", storageKey, stays ? text : undefined);
}

function readStored(): RefreshAnswer | undefined {
  return parseJson(stored("sessionStorage", storageKey) ?? stored("localStorage", storageKey), isSession);
}

function isSession(value: object): value is RefreshAnswer {
  return "token" in value && "expiresAt" in value && "refreshToken" in value && "refreshExpiresAt" in value;
}
