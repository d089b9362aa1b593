import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { seededUser } from "../../../service/contract/routes.ts";
import { signInOn, startStorefront, type TestStorefront } from "../../support/storefront.ts";

let storefront: TestStorefront;
let page: Page;

beforeAll(async () => {
  storefront = await startStorefront();
});
afterAll(async () => {
  await storefront?.stop();
});
beforeEach(async () => {
  page = await storefront.browser.context.newPage();
  await storefront.open(page, "/");
  await page.evaluate("localStorage.clear()");
});
afterEach(async () => {
  await page.close();
});

const heading = (name: string | RegExp, on = page) => on.getByRole("heading", { level: 1, name });

async function signIn(path: string, email: string, stay = false): Promise<void> {
  await storefront.open(page, path);
  await signInOn(page, email, seededUser.password, stay);
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
});
