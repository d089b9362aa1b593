import type { Me } from "../../contract/accounts.ts";
import { linkTo } from "../routing/link-to.ts";
import type { Page, Visit } from "../routing/page.ts";
import { session } from "../session/session.ts";
import { ask, need } from "../shop-api/ask.ts";
import { changePassword, listSessions, logOut, readMe } from "../shop-api/endpoints.ts";
import { deviceList } from "../view/device-list.ts";
import { titleOf } from "../view/document-title.ts";
import { html } from "../view/element.ts";
import { form } from "../view/form.ts";
import { formatDay } from "../view/format.ts";
import { notice } from "../view/notice.ts";

/** Who is signed in and where, the password, and the way out. */
export async function account(visit: Visit): Promise<Page> {
  const [me, { items }] = await Promise.all([need(readMe, {}), need(listSessions, {})]);
  const signOut = async (): Promise<void> => {
    await ask(logOut, {});
    // Also when nothing answered: here it is over.
    session.end();
    visit.go(linkTo("home"));
  };
  return {
    title: titleOf("Account"),
    content: [
      html("h1", {}, "Account"),
      html("p", { class: "subtitle" }, `${me.email}, a customer since ${formatDay(me.createdAt)}.`),
      !me.emailVerified && unverified(),
      html(
        "p",
        { class: "actions" },
        html("a", { class: "button", href: linkTo("orders") }, "Your orders"),
        html("button", { type: "button", class: "button button-quiet", onclick: () => void signOut() }, "Sign out"),
      ),
      html(
        "section",
        { class: "panel" },
        html("h2", {}, "Devices"),
        html("p", { class: "quiet" }, "Where your account is signed in. End what you do not know."),
        deviceList(items, visit),
      ),
      html("section", { class: "panel" }, html("h2", {}, "Password"), passwordForm(me)),
    ],
  };
}

function unverified(): HTMLElement {
  const link = html("a", { href: linkTo("verify") }, "Enter the code");
  return notice("info", "Your email address is not verified yet. ", link, " from our mail.");
}

function passwordForm({ email }: Me): HTMLElement {
  const answer = html("div", {});
  const changing = form({
    submit: "Change the password",
    fields: [
      { name: "currentPassword", label: "Current password", type: "password", autocomplete: "current-password" },
      {
        name: "newPassword",
        label: "New password",
        type: "password",
        autocomplete: "new-password",
        minLength: 8,
        hint: "At least 8 characters. All other devices are signed out.",
      },
    ],
    // For password managers: whose password it is.
    after: [html("input", { type: "hidden", autocomplete: "username", value: email })],
    send: async ({ currentPassword = "", newPassword = "" }) => {
      answer.replaceChildren();
      const reply = await ask(changePassword, { body: { currentPassword, newPassword } });
      if (!reply.ok) return reply.trouble;
      changing.reset();
      answer.replaceChildren(notice("good", "Your password is changed, and all other devices are signed out."));
      return undefined;
    },
  });
  return html("div", { class: "half" }, changing, answer);
}
