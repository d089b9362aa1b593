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
const press = (name: string, on = page) => on.getByRole("button", { name }).click();
const basketIds = (): Promise<number[]> =>
  page.evaluate<number[]>("JSON.parse(localStorage.getItem('shop.basket')).lines.map(({ id }) => id)");

async function toCheckout(email: string, ...productIds: readonly number[]): Promise<void> {
  for (const id of productIds) await storefront.putIntoBasket(page, id);
  await storefront.open(page, "/checkout");
  await signInOn(page, email, seededUser.password);
  await heading("Checkout").waitFor();
}

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

async function cancelShownOrder(): Promise<void> {
  await press("Cancel this order");
  await press("Yes, cancel it");
  await page.getByText("This order was cancelled.").waitFor();
}

describe("checkout orders what it shows", () => {
  it("and shows what another tab added before it is ordered", async () => {
    const email = "shopper1@example.test";
    const before = await storefront.orderCount(email);
    await toCheckout(email, 31);
    await storefront.putIntoBasket(other, 32);
    await press("Place order");
    await page.getByText("Your basket or a price in it has changed.").waitFor();
    expect(await page.locator("tbody tr").count()).toBe(2);
    expect(await storefront.orderCount(email)).toBe(before);
    await press("Place order");
    await heading("Thank you for your order").waitFor();
    expect(await storefront.orderCount(email)).toBe(before + 1);
  });

  it("and a new price before it is charged, whether it came before checkout was opened or after", async () => {
    const email = "shopper2@example.test";
    const before = await storefront.orderCount(email);
    await storefront.changeProducts("update product set price_cents = 1000 where id = 33");
    await storefront.putIntoBasket(page, 33);
    await storefront.changeProducts("update product set price_cents = 2000 where id = 33");
    await toCheckout(email);
    await page.getByText("The price was $10.00 when you chose it.").waitFor();
    expect(await page.locator("tfoot td").textContent()).toBe("$20.00");
    await storefront.changeProducts("update product set price_cents = 3000 where id = 33");
    await press("Place order");
    await page.getByText("Your basket or a price in it has changed.").waitFor();
    expect(await page.locator("tfoot td").textContent()).toBe("$30.00");
    expect(await storefront.orderCount(email)).toBe(before);
    await press("Place order");
    await heading("Thank you for your order").waitFor();
    expect(await page.locator("tfoot td").textContent()).toBe("$30.00");
  });

  it("and a price that came after its last look, which only the shop can see", async () => {
    const email = "shopper9@example.test";
    const before = await storefront.orderCount(email);
    await storefront.changeProducts("update product set price_cents = 1000 where id = 44");
    await toCheckout(email, 44);
    await page.route(
      `**${routes.orders}`,
      async (route) => {
        await storefront.changeProducts("update product set price_cents = 1200 where id = 44");
        await route.continue();
      },
      { times: 1 },
    );
    await press("Place order");
    await page.getByText("Your basket or a price in it has changed.").waitFor();
    expect(await page.locator("tfoot td").textContent()).toBe("$12.00");
    expect(await storefront.orderCount(email)).toBe(before);
    await press("Place order");
    await heading("Thank you for your order").waitFor();
    expect(await page.locator("tfoot td").textContent()).toBe("$12.00");
  });

  it("and a price that its looks do not show, because something on the way keeps the old one", async () => {
    const email = "shopper10@example.test";
    const before = await storefront.orderCount(email);
    await storefront.changeProducts("update product set price_cents = 1000 where id = 45");
    await toCheckout(email, 45);
    const kept = { json: await page.evaluate<unknown>("fetch('/shop/api/products/45/').then((kept) => kept.json())") };
    await page.route("**/shop/api/products/45/", (route) => route.fulfill(kept));
    await storefront.changeProducts("update product set price_cents = 1300 where id = 45");
    await press("Place order");
    await page.getByText("Place it again to order for $13.00.").waitFor();
    expect(await storefront.orderCount(email)).toBe(before);
    await press("Place order");
    await heading("Thank you for your order").waitFor();
    expect(await page.locator("tfoot td").textContent()).toBe("$13.00");
  });

  it("and says what stands in the way before it is tried", async () => {
    await storefront.putIntoBasket(page, 34);
    await storefront.changeProducts("update product set stock = 0 where id = 34");
    await toCheckout("shopper3@example.test");
    await page.getByText("Out of stock.").waitFor();
  });

  it("and leaves in the basket what another tab added while it was ordered", async () => {
    await toCheckout("shopper4@example.test", 35);
    await page.route(`**${routes.orders}`, async (route) => {
      await storefront.putIntoBasket(other, 36);
      await route.continue();
    });
    await press("Place order");
    await heading("Thank you for your order").waitFor();
    expect(await basketIds()).toEqual([36]);
  });

  it("and nothing when another tab has ordered it", async () => {
    const email = "shopper5@example.test";
    const before = await storefront.orderCount(email);
    await toCheckout(email, 37);
    await storefront.open(other, "/");
    const tokens = await page.evaluate<string>("sessionStorage.getItem('shop.session')");
    await other.evaluate(`sessionStorage.setItem("shop.session", ${JSON.stringify(tokens)})`);
    await storefront.open(other, "/checkout");
    await heading("Checkout", other).waitFor();
    await press("Place order");
    await heading("Thank you for your order").waitFor();
    await press("Place order", other);
    await heading("Your basket is empty", other).waitFor();
    expect(await storefront.orderCount(email)).toBe(before + 1);
  });
});

it("a page that the browser kept while it was away shows the basket as it is now", async () => {
  await storefront.putIntoBasket(page, 38);
  await page.getByRole("link", { name: "Basket, 1 item" }).waitFor();
  // A page's own writing is no event for it, as another tab's is none for a page that sleeps.
  await page.evaluate("localStorage.removeItem('shop.basket')");
  await page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
  await page.getByRole("link", { name: "Basket, 0 items" }).waitFor();
});

describe("an order whose answer was lost", () => {
  it("is another one after it was cancelled", async () => {
    const email = "shopper6@example.test";
    const before = await storefront.orderCount(email);
    await toCheckout(email, 40, 39);
    await orderWithoutAnswer();
    await storefront.open(page, "/orders");
    await page
      .getByRole("link", { name: /^Order \d+$/ })
      .first()
      .click();
    await cancelShownOrder();
    await storefront.open(page, `${new URL(page.url()).pathname}?placed=1`);
    await heading(/^Order \d+$/).waitFor();
    await storefront.open(page, "/checkout");
    await press("Place order");
    await heading("Thank you for your order").waitFor();
    expect(await page.getByText("This order was cancelled.").count()).toBe(0);
    expect(await storefront.orderCount(email)).toBe(before + 2);
  });

  it("is still the same after another one was cancelled", async () => {
    const email = "shopper7@example.test";
    await toCheckout(email, 41);
    await press("Place order");
    await heading("Thank you for your order").waitFor();
    const placed = new URL(page.url()).pathname;
    const before = await storefront.orderCount(email);
    await storefront.putIntoBasket(page, 42);
    await storefront.open(page, "/checkout");
    await orderWithoutAnswer();
    await storefront.open(page, placed);
    await cancelShownOrder();
    await storefront.open(page, "/checkout");
    await press("Place order");
    await heading("Thank you for your order").waitFor();
    expect(await storefront.orderCount(email)).toBe(before + 1);
  });

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
