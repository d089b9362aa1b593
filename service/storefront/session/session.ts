import type { TokenAnswer } from "../../contract/accounts.ts";
import { parseJson } from "../storage/parse-json.ts";

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
    (stay ? localStorage : sessionStorage).setItem(storageKey, JSON.stringify(answer));
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
addEventListener("storage", ({ key, storageArea }) => {
  if (storageArea !== localStorage || (key !== null && key !== storageKey)) return;
  held = readStored();
  tell();
});

function tell(ending?: Ending): void {
  for (const listener of listeners) listener(ending);
}

function readStored(): TokenAnswer | undefined {
  const text = sessionStorage.getItem(storageKey) ?? localStorage.getItem(storageKey);
  return parseJson<TokenAnswer>(text, (value) => "token" in value && "expiresAt" in value);
}

function clearStored(): void {
  sessionStorage.removeItem(storageKey);
  localStorage.removeItem(storageKey);
}
