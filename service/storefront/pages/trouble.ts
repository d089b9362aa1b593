import type { Page, Visit } from "../routing/page.ts";
import { signInFirst } from "../session/sign-in-first.ts";
import { noAnswer, TroubleError } from "../shop-api/trouble.ts";
import { titleOf } from "../view/document-title.ts";
import { html } from "../view/element.ts";
import { emptyState } from "../view/empty-state.ts";
import { troubleNotice } from "../view/notice.ts";
import { session } from "../session/session.ts";

/** What stands where a page could not be made, with a way to try again. */
export function ofTrouble(error: unknown, visit: Visit): Page | { readonly goTo: string } {
  if (!(error instanceof TroubleError)) console.error(error);
  const trouble = error instanceof TroubleError ? error.trouble : noAnswer;
  if (trouble.code === "not-signed-in") {
    return { goTo: signInFirst(visit.address, session.hadOne ? "expired" : undefined) };
  }
  return {
    title: titleOf(trouble.title),
    content: [html("h1", {}, "This did not work"), troubleNotice(trouble, visit.reload)],
  };
}

/** An address that leads nowhere. */
export function missing(): Page {
  return {
    title: titleOf("Not found"),
    content: [emptyState("There is nothing here", "The address may be old, or mistyped.", "h1")],
  };
}
