import type { TokenAnswer } from "../../contract/accounts.ts";
import { parseJson } from "../storage/parse-json.ts";
import { store, stored } from "../storage/storage.ts";

type Ending = "signed-out" | "expired";

const storageKey = "shop.session";
const listeners = new Set<(ending?: Ending) => void>();
let held = readStored();

/**
 * Who is signed in, on this page. The token stands in the tab's session storage, or in local storage when the customer
 * asked to stay signed in; never in a cookie, so no other site can make the browser send it. What would read it is a
 * foreign script, and the page's policy lets none run.
 */
export const session = {
  /** The token of the requests; undefined when nobody is signed in. */
  token(): string | undefined {
    return held !== undefined && Date.parse(held.expiresAt) > Date.now() ? held.token : undefined;
  },
  get isOpen(): boolean {
    return session.token() !== undefined;
  },
  begin(answer: TokenAnswer, stay: boolean): void {
    clearStored();
    held = answer;
    session.hadOne = true;
    store(stay ? "localStorage" : "sessionStorage", storageKey, JSON.stringify(answer));
    tell();
  },
  /** Whether someone was signed in since the page was loaded. */
  hadOne: held !== undefined,
  end(ending: Ending): void {
    if (held === undefined) return;
    clearStored();
    held = undefined;
    tell(ending);
  },
  onChange(listener: (ending?: Ending) => void): void {
    listeners.add(listener);
  },
};

/** Other tabs sign in and out too. */
addEventListener("storage", ({ key }) => {
  if (key !== null && key !== storageKey) return;
  held = readStored();
  tell();
});

function tell(ending?: Ending): void {
  for (const listener of listeners) listener(ending);
}

function readStored(): TokenAnswer | undefined {
  return parseJson(stored("sessionStorage", storageKey) ?? stored("localStorage", storageKey), isSession);
}

function clearStored(): void {
  store("sessionStorage", storageKey, undefined);
  store("localStorage", storageKey, undefined);
}

function isSession(value: object): value is TokenAnswer {
  return "token" in value && "expiresAt" in value;
}
