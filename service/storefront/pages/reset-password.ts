import { linkTo } from "../routing/link-to.ts";
import type { Page } from "../routing/page.ts";
import { session } from "../session/session.ts";
import { ask } from "../shop-api/ask.ts";
import { confirmReset } from "../shop-api/endpoints.ts";
import { titleOf } from "../view/document-title.ts";
import { html } from "../view/element.ts";
import { focusHeading } from "../view/focus-heading.ts";
import { form } from "../view/form.ts";

/** Sets a new password with the code of a mail. Every session ends with it, this browser's too. */
export function resetPassword(): Page {
  const content = html("div", { class: "narrow" });
  content.append(
    html("h1", {}, "Set a new password"),
    html("p", {}, "The code in our mail is good once, and for 30 minutes."),
    form({
      submit: "Set the password",
      fields: [
        { name: "code", label: "Code", type: "text", autocomplete: "one-time-code" },
        {
          name: "password",
          label: "New password",
          type: "password",
          autocomplete: "new-password",
          minLength: 8,
          hint: "At least 8 characters.",
        },
      ],
      send: async ({ code = "", password = "" }) => {
        const reply = await ask(confirmReset, { body: { code: code.trim(), password } });
        if (!reply.ok) return reply.trouble;
        session.end();
        content.replaceChildren(
          html("h1", {}, "Your new password is set"),
          html("p", {}, "All devices were signed out."),
          html("a", { class: "button", href: linkTo("signIn") }, "Sign in"),
        );
        focusHeading(content);
        return undefined;
      },
    }),
  );
  return { title: titleOf("Set a new password"), content: [content] };
}
