import { linkTo } from "../routing/link-to.ts";
import type { Page, Visit } from "../routing/page.ts";
import { session } from "../session/session.ts";
import { need } from "../shop-api/ask.ts";
import { readMe } from "../shop-api/endpoints.ts";
import { titleOf } from "../view/document-title.ts";
import { html } from "../view/element.ts";
import { formatDay } from "../view/format.ts";

/** Who is signed in, and the way out. */
export async function account(visit: Visit): Promise<Page> {
  const me = await need(readMe, {});
  const signOut = (): void => {
    session.end("signed-out");
    visit.go(linkTo("home"));
  };
  return {
    title: titleOf("Account"),
    content: [
      html("h1", {}, "Account"),
      html("p", { class: "subtitle" }, `${me.email}, a customer since ${formatDay(me.createdAt)}.`),
      html("p", {}, html("a", { href: linkTo("orders") }, "Your orders")),
      html("button", { type: "button", class: "button button-quiet", onclick: signOut }, "Sign out"),
    ],
  };
}
