import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { routes, seededUser } from "../../../service/contract/routes.ts";
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
const press = (name: string, on = page) => on.getByRole("button", { name }).click();

/** Orders, and loses the answer on the way. */
async function orderWithoutAnswer(): Promise<void> {
  await page.route(`**${routes.orders}`, async (route) => {
    await route.fetch();
    await route.abort();
  });
  await press("Place order");
  await page.getByText("We could not see whether your order arrived.").waitFor();
  await page.unroute(`**${routes.orders}`);
}

describe("an order whose answer was lost", () => {
  it("is placed once also where the browser has no room to keep anything", async () => {
    const email = "shopper8@example.test";
    const before = await storefront.orderCount(email);
    await page.addInitScript("Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); }");
    await storefront.putIntoBasket(page, 43);
    await page.getByRole("link", { name: "View basket" }).click();
    await page.getByRole("link", { name: "Go to checkout" }).click();
    await signInOn(page, email, seededUser.password);
    await orderWithoutAnswer();
    await press("Place order");
    await heading("Thank you for your order").waitFor();
    expect(await storefront.orderCount(email)).toBe(before + 1);
  });
});
