import type { RefreshAnswer } from "../../contract/sessions.ts";
import { shopNow } from "../shop-api/shop-clock.ts";
import { parseJson } from "../storage/parse-json.ts";
import { store, stored } from "../storage/storage.ts";

type Place = "localStorage" | "sessionStorage";

const storageKey = "shop.session";
const listeners = new Set<() => void>();

/**
 * Who is signed in, on this page: it looks anew each time, for another tab may have written. The tokens stand in the
 * tab's session storage, or in local storage when the customer asked to stay signed in; never in a cookie, so no other
 * site can make the browser send them. What would read them is a foreign script, and the page's policy lets none run.
 */
export const session = {
  /** Undefined when nobody is signed in. */
  tokens(): RefreshAnswer | undefined {
    const found = readStored();
    return found !== undefined && Date.parse(found.refreshExpiresAt) > shopNow() ? found : undefined;
  },
  get isOpen(): boolean {
    return session.tokens() !== undefined;
  },
  /** Whether someone was signed in since the page was loaded. */
  hadOne: readStored() !== undefined,
  begin(tokens: RefreshAnswer, stay: boolean): void {
    forget();
    keep(stay ? "localStorage" : "sessionStorage", tokens);
    session.hadOne = true;
    tell();
  },
  /** New tokens take the place of those they were exchanged for, unless another tab has signed in or out meanwhile. */
  renew(spent: string, tokens: RefreshAnswer): void {
    if (readStored()?.token === spent) keep(placeOfTokens(), tokens);
  },
  end(): void {
    forget();
    tell();
  },
  onChange(listener: () => void): void {
    listeners.add(listener);
  },
};

/** Other tabs sign in and out too, also while the browser keeps this page for the back button. */
addEventListener("storage", ({ key }) => {
  if (key === null || key === storageKey) tell();
});
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) tell();
});

function tell(): void {
  for (const listener of listeners) listener();
}

function keep(place: Place, { token, expiresAt, refreshToken, refreshExpiresAt }: RefreshAnswer): void {
  store(place, storageKey, JSON.stringify({ token, expiresAt, refreshToken, refreshExpiresAt }));
}

function forget(): void {
  store("sessionStorage", storageKey, undefined);
  store("localStorage", storageKey, undefined);
}

/** A session of this tab's own goes before the one of all tabs. */
function placeOfTokens(): Place {
  return stored("sessionStorage", storageKey) === null ? "localStorage" : "sessionStorage";
}

function readStored(): RefreshAnswer | undefined {
  return parseJson(stored(placeOfTokens(), storageKey), isSession);
}

function isSession(value: object): value is RefreshAnswer {
  return "token" in value && "expiresAt" in value && "refreshToken" in value && "refreshExpiresAt" in value;
}
