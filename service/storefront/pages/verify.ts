import { linkTo } from "../routing/link-to.ts";
import type { Page, Visit } from "../routing/page.ts";
import { session } from "../session/session.ts";
import { ask } from "../shop-api/ask.ts";
import { resendVerification, verifyEmail } from "../shop-api/endpoints.ts";
import { titleOf } from "../view/document-title.ts";
import { html } from "../view/element.ts";
import { focusHeading } from "../view/focus-heading.ts";
import { form } from "../view/form.ts";
import { notice, troubleNotice } from "../view/notice.ts";

/** Verifies an address with the code of a mail. */
export function verify(visit: Visit): Page {
  const next = visit.query.get("next") ?? undefined;
  const content = html("div", { class: "narrow" });
  content.append(
    html("h1", {}, "Verify your email address"),
    html("p", {}, "Enter the code that we sent to you by mail. It is good for 24 hours."),
    form({
      submit: "Verify",
      fields: [{ name: "code", label: "Code", type: "text", autocomplete: "one-time-code" }],
      send: async ({ code = "" }) => {
        const reply = await ask(verifyEmail, { body: { code: code.trim() } });
        if (!reply.ok) return reply.trouble;
        content.replaceChildren(
          html("h1", {}, "Your address is verified"),
          session.isOpen
            ? html("a", { class: "button", href: linkTo("account") }, "To your account")
            : html("a", { class: "button", href: linkTo("signIn", { next }) }, "Sign in"),
        );
        focusHeading(content);
        return undefined;
      },
    }),
    ...(session.isOpen ? [sendAgain()] : []),
  );
  return { title: titleOf("Verify your email address"), content: [content] };
}

function sendAgain(): HTMLElement {
  const answer = html("div", {});
  const again = async (): Promise<void> => {
    const reply = await ask(resendVerification, {});
    answer.replaceChildren(reply.ok ? notice("good", "A new code is on its way.") : troubleNotice(reply.trouble));
  };
  return html(
    "div",
    { class: "panel" },
    html("button", { type: "button", class: "button button-quiet", onclick: () => void again() }, "Send a new code"),
    answer,
  );
}
