import { linkTo } from "../routing/link-to.ts";
import { matchPage } from "../routing/match-page.ts";

/** The address of the sign-in page that leads back to `address`. */
export function signInFirst(address: string, ended?: "expired"): string {
  return linkTo("signIn", { next: address, ended });
}

/** Where the sign-in page leads: only to a page of this shop, whatever the address of the page says. */
export function addressAfterSignIn(query: URLSearchParams): string {
  const next = query.get("next") ?? "";
  const url = URL.canParse(next, location.origin) ? new URL(next, location.origin) : null;
  if (url === null || url.origin !== location.origin || matchPage(url.pathname) === undefined) return linkTo("home");
  return url.pathname + url.search;
}
