import type { Trouble } from "../shop-api/trouble.ts";
import { announce } from "./announce.ts";
import { html } from "./element.ts";
import { countOf } from "./format.ts";
import { troubleNotice } from "./notice.ts";

interface PageOf<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}
type ReplyOf<Item> =
  { readonly ok: true; readonly body: PageOf<Item> } | { readonly ok: false; readonly trouble: Trouble };

interface ListParts<Item> {
  readonly className: string;
  /** `product`, for what is said of more of them. */
  readonly noun: string;
  readonly first: PageOf<Item>;
  readonly show: (item: Item) => HTMLLIElement;
  readonly more: (after: string) => Promise<ReplyOf<Item>>;
}

/** A list with a button that brings the next page for as long as there is one, and the focus to its first entry. */
export function pagedList<Item>({ className, noun, first, show, more }: ListParts<Item>): HTMLElement {
  const list = html("ul", { class: className }, ...first.items.map((item) => show(item)));
  const foot = html("div", { class: "list-foot" });

  const load = async (after: string, button: HTMLButtonElement): Promise<void> => {
    if (button.ariaDisabled === "true") return;
    button.ariaDisabled = "true";
    button.classList.add("is-busy");
    const reply = await more(after);
    if (!reply.ok) {
      foot.replaceChildren(troubleNotice(reply.trouble, () => showFoot(after)?.click()));
      return;
    }
    const entries = reply.body.items.map((item) => show(item));
    list.append(...entries);
    showFoot(reply.body.next);
    announce(`${countOf(entries.length, `more ${noun}`)}, ${list.children.length} in all`);
    entries[0]?.querySelector("a")?.focus({ preventScroll: true });
  };
  const showFoot = (next: string | null): HTMLButtonElement | undefined => {
    foot.replaceChildren();
    if (next === null) return undefined;
    const button = html("button", { type: "button", class: "button button-quiet" }, "Show more");
    button.addEventListener("click", () => void load(next, button));
    foot.append(button);
    return button;
  };

  showFoot(first.next);
  return html("div", {}, list, foot);
}
