import type { Trouble } from "../shop-api/trouble.ts";
import { html, type Child } from "./element.ts";
import { formatClock } from "./format.ts";
import { icon, type IconName } from "./icon.ts";

type Tone = "good" | "bad" | "info";
const iconOf: Readonly<Record<Tone, IconName>> = { good: "check", bad: "alert", info: "clock" };

/** A message in the page. Bad ones are read out at once, the others when there is time. */
export function notice(tone: Tone, ...children: readonly Child[]): HTMLElement {
  return html(
    "div",
    { class: `notice notice-${tone}`, role: tone === "bad" ? "alert" : "status" },
    icon(iconOf[tone]),
    html("div", { class: "notice-text" }, ...children),
  );
}

/** What went wrong and what to do; with `onRetry` a button, which waits as long as the shop asks to. */
export function troubleNotice(trouble: Trouble, onRetry?: () => void): HTMLElement {
  const words = [html("strong", {}, `${trouble.title}.`), " ", adviceOn(trouble)];
  if (onRetry === undefined) return notice("bad", ...words);
  const button = html(
    "button",
    { type: "button", class: "button button-quiet", onclick: () => onRetry() },
    "Try again",
  );
  if (trouble.retryAtMs !== undefined) holdUntil(button, trouble.retryAtMs);
  return notice("bad", ...words, html("div", { class: "notice-action" }, button));
}

function adviceOn({ code, retryAtMs }: Trouble): string {
  if (code === "no-answer") return "Check your connection, then try again.";
  if (retryAtMs !== undefined) return `You can go on at ${formatClock(retryAtMs)}.`;
  if (code === "fault") return "It is not your doing. Try again in a minute.";
  return "";
}

/** Keeps a button off until a time, and counts down on it. */
export function holdUntil(button: HTMLButtonElement, atMs: number): void {
  const label = button.textContent;
  button.disabled = true;
  const tick = (): void => {
    const seconds = Math.ceil((atMs - Date.now()) / 1_000);
    if (seconds <= 0) {
      button.disabled = false;
      button.textContent = label;
      return;
    }
    button.textContent = `${label} in ${seconds} s`;
    setTimeout(tick, 250);
  };
  tick();
}
