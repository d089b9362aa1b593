import type { Session } from "../../contract/sessions.ts";
import { linkTo } from "../routing/link-to.ts";
import type { Visit } from "../routing/page.ts";
import { session } from "../session/session.ts";
import { ask } from "../shop-api/ask.ts";
import { logOutEverywhere, revokeSession } from "../shop-api/endpoints.ts";
import { announce } from "./announce.ts";
import { html } from "./element.ts";
import { formatMoment } from "./format.ts";
import { icon } from "./icon.ts";
import { troubleNotice } from "./notice.ts";

const phones = /android|iphone|ipad|phone/i;

/** The devices that are signed in, each with a button that signs it out, and one for all of them. */
export function deviceList(sessions: readonly Session[], visit: Visit): HTMLElement {
  const messages = html("div", {});
  const everywhere = async (): Promise<void> => {
    const reply = await ask(logOutEverywhere, {});
    if (!reply.ok) return messages.replaceChildren(troubleNotice(reply.trouble));
    session.end();
    visit.go(linkTo("signIn"));
  };
  return html(
    "div",
    {},
    html("ul", { class: "rows" }, ...sessions.map((one) => deviceRow(one, messages))),
    messages,
    html(
      "button",
      { type: "button", class: "button button-quiet", onclick: () => void everywhere() },
      "Sign out everywhere",
    ),
  );
}

function deviceRow({ id, device, lastSeenAt, current }: Session, messages: HTMLElement): HTMLLIElement {
  const end = async (): Promise<void> => {
    const reply = await ask(revokeSession, { params: { id } });
    // What is not there any more has ended already.
    if (!reply.ok && reply.trouble.code !== "not-found") {
      return messages.replaceChildren(troubleNotice(reply.trouble));
    }
    row.remove();
    announce(`${device} was signed out`);
  };
  const row = html(
    "li",
    { class: "row" },
    icon(phones.test(device) ? "phone" : "device"),
    html(
      "div",
      { class: "row-text" },
      html("h3", {}, device),
      html("p", { class: "quiet" }, current ? "This device" : `Last used ${formatMoment(lastSeenAt)}`),
    ),
    !current &&
      html(
        "button",
        {
          type: "button",
          class: "button button-quiet button-small",
          "aria-label": `Sign out ${device}, last used ${formatMoment(lastSeenAt)}`,
          onclick: () => void end(),
        },
        "Sign out",
      ),
  );
  return row;
}
