import { linkTo } from "../routing/link-to.ts";
import type { Page, Visit } from "../routing/page.ts";
import { ask } from "../shop-api/ask.ts";
import { requestReset } from "../shop-api/endpoints.ts";
import { titleOf } from "../view/document-title.ts";
import { html } from "../view/element.ts";
import { form } from "../view/form.ts";

/** Has a code sent. The shop says the same for every address, so the page says "if". */
export function forgotPassword(visit: Visit): Page {
  return {
    title: titleOf("Forgotten password"),
    content: [
      html(
        "div",
        { class: "narrow" },
        html("h1", {}, "Forgotten password"),
        html("p", {}, "If there is an account with your address, a code goes to it that sets a new password."),
        form({
          submit: "Send me a code",
          fields: [{ name: "email", label: "Email address", type: "email", autocomplete: "username" }],
          send: async ({ email = "" }) => {
            const reply = await ask(requestReset, { body: { email } });
            if (!reply.ok) return reply.trouble;
            visit.go(linkTo("resetPassword"));
            return undefined;
          },
        }),
        html("p", { class: "aside" }, html("a", { href: linkTo("resetPassword") }, "I have a code already")),
      ),
    ],
  };
}
