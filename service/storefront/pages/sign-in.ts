import { linkTo } from "../routing/link-to.ts";
import type { Page, Visit } from "../routing/page.ts";
import { session } from "../session/session.ts";
import { addressAfterSignIn } from "../session/sign-in-first.ts";
import { ask } from "../shop-api/ask.ts";
import { signIn } from "../shop-api/endpoints.ts";
import { titleOf } from "../view/document-title.ts";
import { html } from "../view/element.ts";
import { form } from "../view/form.ts";
import { notice } from "../view/notice.ts";

/** Signs in, and goes on to where the customer was going. */
export function signInPage(visit: Visit): Page {
  const next = visit.query.get("next") ?? undefined;
  const stay = html("input", { type: "checkbox", id: "stay", name: "stay" });
  return {
    title: titleOf("Sign in"),
    content: [
      html(
        "div",
        { class: "narrow" },
        html("h1", {}, "Sign in"),
        visit.query.get("ended") === "expired" && notice("info", "Your session has ended. Sign in again to go on."),
        form({
          submit: "Sign in",
          fields: [
            { name: "email", label: "Email address", type: "email", autocomplete: "username" },
            { name: "password", label: "Password", type: "password", autocomplete: "current-password" },
          ],
          after: [
            html("div", { class: "check" }, stay, html("label", { for: "stay" }, "Stay signed in on this device")),
          ],
          send: async ({ email = "", password = "" }) => {
            const reply = await ask(signIn, { body: { email, password } });
            if (!reply.ok) return reply.trouble;
            session.begin(reply.body, stay.checked);
            visit.go(addressAfterSignIn(visit.query), { replace: true });
            return undefined;
          },
        }),
        html("p", { class: "aside" }, html("a", { href: linkTo("forgotPassword") }, "I forgot my password")),
        html(
          "p",
          { class: "aside" },
          "New here? ",
          html("a", { href: linkTo("signUp", { next }) }, "Make an account"),
          ".",
        ),
      ),
    ],
  };
}
