import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { routes, seededUser } from "../../../service/contract/routes.ts";
import { signInOn, startStorefront, type TestStorefront } from "../../support/storefront.ts";

let storefront: TestStorefront;
let page: Page;
let other: Page;

beforeAll(async () => {
  storefront = await startStorefront();
});
afterAll(async () => {
  await storefront?.stop();
});
beforeEach(async () => {
  [page, other] = await storefront.twoTabs();
});
afterEach(async () => {
  await Promise.all([page.close(), other.close()]);
});

const heading = (name: string | RegExp, on = page) => on.getByRole("heading", { level: 1, name });
const toAccount = (on: Page) => on.getByRole("link", { name: "Account" }).click();
const home = "Good things for every day";
type Kind = "sessionStorage" | "localStorage";

async function signIn(path: string, email: string, stay = false): Promise<void> {
  await storefront.open(page, path);
  await signInOn(page, email, seededUser.password, stay);
}

/** Ends what `from` holds before its time, as minutes would, and writes it to `to`. */
async function age(kind: Kind, from: Page, to = from): Promise<void> {
  const tokens = JSON.parse(await from.evaluate<string>(`${kind}.getItem("shop.session")`)) as object;
  const aged = JSON.stringify({ ...tokens, expiresAt: new Date(0).toISOString() });
  await to.evaluate(`${kind}.setItem("shop.session", ${JSON.stringify(aged)})`);
}

describe("signing in", () => {
  it("leads on in browsers that have no URL.parse", async () => {
    await page.addInitScript("delete URL.parse");
    await signIn("/sign-in?next=/orders", "shopper1@example.test");
    await heading("Orders").waitFor();
  });

  it("leaves a button that can be pressed again, whatever fails in the page", async () => {
    await page.addInitScript("URL.parse = URL.canParse = () => { throw new Error('broken'); }");
    const failed = page.waitForEvent("pageerror");
    await signIn("/sign-in", "shopper1@example.test");
    await failed;
    const button = page.getByRole("button", { name: "Sign in" });
    await expect.poll(() => button.getAttribute("aria-disabled")).toBeNull();
  });

  it("leads to checkout and keeps the cancel button on a device whose clock is fifteen days ahead", async () => {
    await page.clock.setFixedTime(Date.now() + 15 * 86_400_000);
    await storefront.putIntoBasket(page, 50);
    await signIn("/checkout", "shopper2@example.test");
    await heading("Checkout").waitFor();
    await page.getByRole("button", { name: "Place order" }).click();
    await heading("Thank you for your order").waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Cancel this order" }).waitFor();
  });
});

it("who asked to stay signed in does, when another tab is the first to renew the session", async () => {
  await storefront.open(other, "/");
  await heading(home, other).waitFor();
  await signIn("/sign-in", "shopper3@example.test", true);
  await heading(home).waitFor();
  await age("localStorage", page);
  await toAccount(other);
  await heading("Account", other).waitFor();
  await storefront.open(page, "/account");
  await heading("Account").waitFor();
  expect(await other.evaluate("sessionStorage.getItem('shop.session')")).toBeNull();
});

describe("a tab that was duplicated", () => {
  const email = "shopper4@example.test";
  const alarms = () => storefront.mails.mails.filter(({ to }) => to.includes(email));
  /** Both tabs hold one session, which is about to end; each has looked. */
  async function duplicated(): Promise<void> {
    await signIn("/sign-in", email);
    await heading(home).waitFor();
    await storefront.open(other, "/");
    await age("sessionStorage", page, other);
    await age("sessionStorage", page);
    await Promise.all([page.reload(), other.reload()]);
    await Promise.all([heading(home).waitFor(), heading(home, other).waitFor()]);
  }

  it("stays signed in like the other, whichever renews the session", async () => {
    await duplicated();
    await toAccount(page);
    await heading("Account").waitFor();
    await toAccount(other);
    await heading("Account", other).waitFor();
    await age("sessionStorage", other);
    await storefront.open(other, "/account");
    await heading("Account", other).waitFor();
    await page.reload();
    await heading("Account").waitFor();
    expect(alarms()).toEqual([]);
  });

  it("sends no refresh token that the other has just sent", async () => {
    await duplicated();
    let renewals = 0;
    await storefront.browser.context.route(`**${routes.refresh}`, async (route) => {
      renewals += 1;
      await route.continue();
    });
    await Promise.all([toAccount(page), toAccount(other)]);
    await Promise.all([heading("Account").waitFor(), heading("Account", other).waitFor()]);
    await storefront.browser.context.unroute(`**${routes.refresh}`);
    expect(renewals).toBe(1);
    expect(alarms()).toEqual([]);
  });
});
