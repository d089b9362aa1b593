import { linkTo } from "../routing/link-to.ts";
import type { Page, Visit } from "../routing/page.ts";
import { ask } from "../shop-api/ask.ts";
import { register } from "../shop-api/endpoints.ts";
import { titleOf } from "../view/document-title.ts";
import { html } from "../view/element.ts";
import { focusHeading } from "../view/focus-heading.ts";
import { form } from "../view/form.ts";

/** Makes an account. The answer is the same for a known address, so the page says what is true in both cases. */
export function signUpPage(visit: Visit): Page {
  const next = visit.query.get("next") ?? undefined;
  const toSignIn = linkTo("signIn", { next });
  const content = html("div", { class: "narrow" });
  content.append(
    html("h1", {}, "Make an account"),
    form({
      submit: "Make an account",
      fields: [
        { name: "email", label: "Email address", type: "email", autocomplete: "username" },
        {
          name: "password",
          label: "Password",
          type: "password",
          autocomplete: "new-password",
          minLength: 8,
          hint: "At least 8 characters. Four words in a row are hard to guess and easy to keep in mind.",
        },
      ],
      send: async ({ email = "", password = "" }) => {
        const reply = await ask(register, { body: { email, password } });
        if (!reply.ok) return reply.trouble;
        content.replaceChildren(
          html("h1", {}, "Look into your mail"),
          html(
            "p",
            {},
            "We have written to ",
            html("strong", {}, reply.body.email),
            ". The code in the mail verifies it.",
          ),
          html("a", { class: "button", href: linkTo("verify", { next }) }, "Enter the code"),
          html("p", { class: "aside" }, "Or do that later and ", html("a", { href: toSignIn }, "sign in now"), "."),
        );
        focusHeading(content);
        return undefined;
      },
    }),
    html("p", { class: "aside" }, "You have one already? ", html("a", { href: toSignIn }, "Sign in"), "."),
  );
  return { title: titleOf("Make an account"), content: [content] };
}
