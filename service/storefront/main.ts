import { basket } from "./basket/basket.ts";
import { account } from "./pages/account.ts";
import { basketPage } from "./pages/basket.ts";
import { checkout } from "./pages/checkout.ts";
import { forgotPassword } from "./pages/forgot-password.ts";
import { home } from "./pages/home.ts";
import { order } from "./pages/order.ts";
import { orders } from "./pages/orders.ts";
import { product } from "./pages/product.ts";
import { resetPassword } from "./pages/reset-password.ts";
import { search } from "./pages/search.ts";
import { signInPage } from "./pages/sign-in.ts";
import { signUpPage } from "./pages/sign-up.ts";
import { missing, ofTrouble } from "./pages/trouble.ts";
import { verify } from "./pages/verify.ts";
import { linkTo } from "./routing/link-to.ts";
import { Router } from "./routing/router.ts";
import { session } from "./session/session.ts";
import { countOf } from "./view/format.ts";

/** The storefront's program: the document brings header and footer, this shows the page of its address between them. */
const router = new Router(part("main"), {
  byName: {
    home,
    search,
    product,
    basket: basketPage,
    checkout,
    orders,
    order,
    signIn: signInPage,
    signUp: signUpPage,
    account,
    verify,
    forgotPassword,
    resetPassword,
  },
  missing,
  ofTrouble,
});

part("#search").addEventListener("submit", (event) => {
  event.preventDefault();
  router.go(linkTo("search", { q: searchField().value.trim() }));
});

basket.onChange(showBasketCount);
session.onChange(() => {
  router.forget();
  showWhoIsHere();
});
showBasketCount();
showWhoIsHere();
searchField().value = new URLSearchParams(location.search).get("q") ?? "";
router.start();

function showBasketCount(): void {
  const count = basket.count();
  part("#basket-count").textContent = count === 0 ? "" : String(Math.min(count, 99));
  part("#basket-link").setAttribute("aria-label", `Basket, ${countOf(count, "item")}`);
}

function showWhoIsHere(): void {
  const link = part("#account-link");
  link.setAttribute("href", linkTo(session.isOpen ? "account" : "signIn"));
  part("#account-label").textContent = session.isOpen ? "Account" : "Sign in";
}

function searchField(): HTMLInputElement {
  return part("#search-field") as HTMLInputElement;
}

function part(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`the document has no ${selector}`);
  return found;
}
