import { linkTo } from "../routing/link-to.ts";
import { categoryPicture } from "../picture/picture.ts";
import { html } from "./element.ts";

/** What stands where nothing is: why, and the way on. */
export function emptyState(title: string, text: string, level: "h1" | "h2" = "h2"): HTMLElement {
  return html(
    "section",
    { class: "empty" },
    categoryPicture("empty"),
    html(level, {}, title),
    html("p", {}, text),
    html("a", { class: "button", href: linkTo("home") }, "See all products"),
  );
}
