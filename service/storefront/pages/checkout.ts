import { basket, totalCents, type BasketLine } from "../basket/basket.ts";
import { checkBasket } from "../basket/check-line.ts";
import { forgetOrderKey, orderKeyOf } from "../basket/order-key.ts";
import { linkTo } from "../routing/link-to.ts";
import type { Page, Visit } from "../routing/page.ts";
import { signInFirst } from "../session/sign-in-first.ts";
import { session } from "../session/session.ts";
import { ask, need } from "../shop-api/ask.ts";
import { placeOrder, readMe } from "../shop-api/endpoints.ts";
import type { Trouble } from "../shop-api/trouble.ts";
import { titleOf } from "../view/document-title.ts";
import { html } from "../view/element.ts";
import { formatCents } from "../view/format.ts";
import { holdUntil, notice, troubleNotice } from "../view/notice.ts";
import { orderLines } from "../view/order-lines.ts";

const longestLookMs = 3_000;

/** The last look at an order, and the button that places it. */
export async function checkout(visit: Visit): Promise<Page | { readonly goTo: string }> {
  if (basket.lines().length === 0) return { goTo: linkTo("basket") };
  if (!session.isOpen) return { goTo: signInFirst(visit.address) };
  const [{ email }, remarks] = await Promise.all([need(readMe, {}), checkBasket()]);
  const lines = basket.lines();
  const shown = { lines, totalCents: totalCents(lines) };
  const messages = html("div", {});
  const button = html("button", { type: "button", class: "button button-wide" }, "Place order");
  button.addEventListener("click", () => void order(visit, shown, button, messages));
  return {
    title: titleOf("Checkout"),
    content: [
      html("h1", {}, "Checkout"),
      visit.query.has("changed") &&
        notice("info", "Your basket or a price in it has changed. Nothing was ordered yet: look at it again."),
      ...lines.map(({ id, name }) => {
        const remark = remarks.get(id);
        return remark && notice(remark.stops ? "bad" : "info", `${name}: ${remark.text}`);
      }),
      messages,
      html(
        "div",
        { class: "split" },
        html("section", { "aria-label": "Your order" }, orderLines(lines, shown.totalCents)),
        html(
          "section",
          { class: "summary", "aria-label": "Place the order" },
          html("p", {}, "The confirmation goes to ", html("strong", {}, email), "."),
          button,
          html("a", { class: "summary-link", href: linkTo("basket") }, "Change the basket"),
        ),
      ),
    ],
  };
}

/** What the customer agrees to by placing the order. */
interface Shown {
  readonly lines: readonly BasketLine[];
  /** Also what a message of the page said since. */
  totalCents: number;
}

/** Orders the lines that the page shows, never what another tab or the shop's staff made of them since. */
async function order(visit: Visit, shown: Shown, button: HTMLButtonElement, messages: HTMLElement): Promise<void> {
  const { lines } = shown;
  if (button.ariaDisabled === "true") return;
  button.ariaDisabled = "true";
  button.classList.add("is-busy");
  messages.replaceChildren();
  if (await hasChanged(lines)) return lookAgain(visit);
  const reply = await ask(placeOrder, {
    headers: { "idempotency-key": orderKeyOf(lines) },
    body: {
      lines: lines.map(({ id, quantity }) => ({ productId: id, quantity })),
      expectedTotalCents: shown.totalCents,
    },
  });
  if (reply.ok) {
    forgetOrderKey();
    basket.takeOut(lines);
    visit.go(linkTo("order", { id: reply.body.id, placed: 1 }), { replace: true });
    return;
  }
  const { trouble } = reply;
  if (trouble.code === "total-changed") {
    if (await hasChanged(lines)) return lookAgain(visit);
    // A cache on the way still has the price of before: the message says what the order costs.
    shown.totalCents = trouble.totalCents ?? shown.totalCents;
  }
  button.ariaDisabled = null;
  button.classList.remove("is-busy");
  if (trouble.code === "not-signed-in") return visit.go(signInFirst(visit.address, "expired"));
  if (trouble.code === "idempotency-key-reused") forgetOrderKey();
  if (trouble.retryAtMs !== undefined && trouble.code !== "verify-first") holdUntil(button, trouble.retryAtMs);
  messages.replaceChildren(explain(trouble));
}

/** Looks once more; the shop decides in the end, so that a look that takes long keeps nobody from ordering. */
async function hasChanged(lines: readonly BasketLine[]): Promise<boolean> {
  await Promise.race([checkBasket(), new Promise((resolve) => setTimeout(resolve, longestLookMs))]);
  return agreedOn(basket.lines()) !== agreedOn(lines);
}

function lookAgain(visit: Visit): void {
  visit.go(linkTo("checkout", { changed: 1 }), { replace: true });
}

function agreedOn(lines: readonly BasketLine[]): string {
  return JSON.stringify(lines.map(({ id, quantity, priceCents }) => [id, quantity, priceCents]));
}

function explain(trouble: Trouble): HTMLElement {
  const { code, productIds, totalCents: cents } = trouble;
  if (code === "no-answer" || code === "fault") {
    return notice(
      "bad",
      html("strong", {}, "We could not see whether your order arrived."),
      " Place it again: an order that was sent twice is only placed once.",
    );
  }
  if (code === "out-of-stock" || code === "unknown-product") {
    const names = basket.lines().flatMap(({ id, name }) => (productIds.includes(id) ? [name] : []));
    const what = code === "out-of-stock" ? "There is not enough left of" : "No longer sold:";
    const toBasket = html("a", { href: linkTo("basket") }, "Change your basket");
    return notice("bad", `${what} ${names.join(", ")}. Nothing was ordered. `, toBasket, ".");
  }
  if (code === "total-changed" && cents !== undefined) {
    const sum = html("strong", {}, formatCents(cents));
    return notice("info", "A price has changed, and nothing was ordered. Place it again to order for ", sum, ".");
  }
  if (code === "verify-first") {
    const toVerify = html("a", { href: linkTo("verify") }, "Enter the code that we sent you");
    return notice("bad", "Nothing was ordered: verify your address of mail to order more today. ", toVerify, ".");
  }
  return troubleNotice(trouble);
}
