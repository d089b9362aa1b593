import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readMe, signIn as signInOperation } from "../../../service/contract/accounts.ts";
import { callShop } from "../../../service/contract/client.ts";
import { figures } from "../../../service/contract/figures.ts";
import { routes, seededUser } from "../../../service/contract/routes.ts";
import { logOutEverywhere } from "../../../service/contract/sessions.ts";
import type { MailReceiver } from "../../support/mail-receivers.ts";
import { waitUntil } from "../../support/wait-until.ts";
import type { TestShop } from "../../support/shop.ts";
import { signInOn, startStorefront, type TestStorefront } from "../../support/storefront.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const phone = { width: 360, height: 740 };

let storefront: TestStorefront;
let mails: MailReceiver;
let shop: TestShop;
let page: Page;
/** What the browser complained about: errors of the program, refusals of the policy, requests that failed. */
let complaints: string[];

beforeAll(async () => {
  storefront = await startStorefront({ viewport: phone });
  ({ mails, shop } = storefront);
});
afterAll(async () => {
  await storefront?.stop();
});
beforeEach(async () => {
  complaints = [];
  page = await storefront.browser.context.newPage();
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
});
afterEach(async () => {
  await page.close();
});

const open = (path: string) => page.goto(shop.url + path);
const heading = (name: string | RegExp) => page.getByRole("heading", { level: 1, name });
const button = (name: string) => page.getByRole("button", { name });

/** The page shows this heading, and is fit for everyone: axe finds nothing, nothing is wider than the phone. */
async function expectPage(name: string | RegExp): Promise<void> {
  await heading(name).waitFor();
  await page.evaluate(axe);
  const { violations } = await page.evaluate<AxeResults>("axe.run({ resultTypes: ['violations'] })");
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(phone.width);
}

const signIn = (email: string, password: string): Promise<void> => signInOn(page, email, password);
const putIntoBasket = (productId: number): Promise<void> => storefront.putIntoBasket(page, productId);

/** The code of the last mail to an address. */
const codeFor = (email: string): Promise<string> =>
  waitUntil(`a code for ${email}`, () => {
    const mail = mails.mails.findLast(({ to }) => to.includes(email));
    return /^ {2}([\w-]+)\r?$/m.exec(mail?.content ?? "")?.[1];
  });

describe("a customer on a phone", () => {
  it("finds a product, signs up on the way to checkout, orders it, and sees the order", async () => {
    const [email, password] = ["ada@example.test", "four words in row"];
    await open("/");
    await expectPage("Good things for every day");
    await page.getByRole("link", { name: "Kitchen" }).click();
    await expectPage("Kitchen");
    await page.getByLabel("Sort by").selectOption("price");
    await page.waitForURL("**/?category=kitchen&sort=price");
    await page.locator("main:not([aria-busy])").waitFor();
    await page.getByLabel("Price from, in dollars").fill("50");
    await page.getByLabel("Price to, in dollars").fill("99");
    await button("Apply").click();
    await page.waitForURL("**/?category=kitchen&sort=price&from=50&to=99");
    await expect
      .poll(() => page.locator(".card-price").allTextContents())
      .toSatisfy((prices: string[]) => prices.length > 0 && prices.every((price) => /^\$[5-9]\d\.\d\d$/.test(price)));

    await page.getByLabel("Search for products").fill("teapot oak");
    await page.keyboard.press("Enter");
    await expectPage("“teapot oak”");
    await page.getByRole("listitem").getByRole("link").first().click();
    await expectPage(/Oak Teapot$/);
    const name = (await page.getByRole("heading", { level: 1 }).textContent()) ?? "";
    await button(`One more of ${name}`).click();
    await button("Add to basket").click();
    await page.getByRole("link", { name: "View basket" }).click();
    await expectPage("Basket");
    expect(await page.getByLabel(`Quantity of ${name}`).inputValue()).toBe("2");
    await page.getByRole("link", { name: "Go to checkout" }).click();

    await expectPage("Sign in");
    await page.getByRole("link", { name: "Make an account" }).click();
    await expectPage("Make an account");
    await page.getByLabel("Email address").fill("ada");
    await page.getByLabel("Password").fill("short");
    await button("Make an account").click();
    await page.getByText("This is not an email address").waitFor();
    await page.getByText("At least 8 characters.", { exact: true }).waitFor();
    await page.getByLabel("Email address").fill(email);
    await page.getByLabel("Password").fill(password);
    await button("Make an account").click();
    await expectPage("Look into your mail");
    await page.getByRole("link", { name: "Enter the code" }).click();
    await page.getByLabel("Code").fill("not the code");
    await button("Verify").click();
    await page.getByText("The code is wrong").waitFor();
    await page.getByLabel("Code").fill(await codeFor(email));
    await button("Verify").click();
    await expectPage("Your address is verified");
    await page.getByRole("main").getByRole("link", { name: "Sign in" }).click();
    await signIn(email, password);

    await expectPage("Checkout");
    await button("Place order").click();
    await expectPage("Thank you for your order");
    expect(await storefront.orderCount(email)).toBe(1);
    await page.reload();
    await heading("Thank you for your order").waitFor();
    await open("/orders");
    await expectPage("Orders");
    await page.getByRole("link", { name: /^Order \d+$/ }).click();
    await expectPage(/^Order \d+$/);
    await button("Cancel this order").click();
    await button("Yes, cancel it").click();
    await page.getByText("This order was cancelled.").waitFor();
    await open("/basket");
    await expectPage("Your basket is empty");
    await page.getByRole("link", { name: "Account" }).click();
    await expectPage("Account");
    await page.getByRole("button", { name: "Sign out", exact: true }).click();
    await page.getByRole("link", { name: "Sign in" }).waitFor();
    // The browser itself tells of the wrong code's 422.
    expect(complaints).toEqual([expect.stringContaining("422")]);
  });

  it("orders once, though the first answer was lost", async () => {
    const email = "shopper2@example.test";
    const before = await storefront.orderCount(email);
    await putIntoBasket(11);
    await open("/checkout");
    await signIn(email, seededUser.password);
    await heading("Checkout").waitFor();
    await page.route(`**${routes.orders}`, async (route) => {
      await route.fetch();
      await route.abort();
    });
    await button("Place order").click();
    await page.getByText("We could not see whether your order arrived.").waitFor();
    expect(await storefront.orderCount(email)).toBe(before + 1);
    await page.unroute(`**${routes.orders}`);
    await page.reload();
    await button("Place order").click();
    await heading("Thank you for your order").waitFor();
    expect(await storefront.orderCount(email)).toBe(before + 1);
  });

  it("sees what is out of stock before ordering, and what went out of stock meanwhile", async () => {
    await storefront.changeProducts(
      "update product set stock = case id when 20 then 0 else 1 end where id in (20, 21)",
    );
    await open("/products/20");
    await page.getByText("Out of stock").waitFor();
    expect(await button("Add to basket").count()).toBe(0);
    await putIntoBasket(21);
    await open("/checkout");
    await signIn("shopper3@example.test", seededUser.password);
    await heading("Checkout").waitFor();
    await storefront.changeProducts("update product set stock = 0 where id = 21");
    await button("Place order").click();
    await page.getByText("Nothing was ordered").waitFor();
    await page.getByRole("link", { name: "Change your basket" }).click();
    await page.getByText("Out of stock.").waitFor();
    await page.getByRole("button", { name: /^Remove/ }).click();
    await heading("Your basket is empty").waitFor();
  });
});

describe("an account", () => {
  it("shows its devices, ends one, renews its session unseen, and cancels an order", async () => {
    const credentials = { email: "shopper5@example.test", password: seededUser.password };
    const other = await callShop(shop.url, signInOperation, { body: credentials });
    await open("/account");
    await signIn(credentials.email, credentials.password);
    await expectPage("Account");
    const devices = page.getByRole("listitem");
    await page.getByText("This device").waitFor();
    const count = await devices.count();
    await page
      .getByRole("button", { name: /^Sign out (?!everywhere)\S/ })
      .first()
      .click();
    await expect.poll(() => devices.count()).toBe(count - 1);
    const refused = await callShop(shop.url, readMe, {}, other.ok ? other.body.token : "");
    expect(refused.status).toBe(401);

    const stored = await page.evaluate<string>("sessionStorage.getItem('shop.session')");
    const aged = JSON.stringify({ ...(JSON.parse(stored) as object), expiresAt: new Date(0).toISOString() });
    await page.evaluate(`sessionStorage.setItem("shop.session", ${JSON.stringify(aged)})`);
    await putIntoBasket(30);
    await open("/checkout");
    await button("Place order").click();
    await heading("Thank you for your order").waitFor();
    expect(await page.evaluate("sessionStorage.getItem('shop.session')")).not.toBe(stored);
    await button("Cancel this order").click();
    await button("Yes, cancel it").click();
    await page.getByText("This order was cancelled.").waitFor();
    await expectPage(/^Order \d+$/);
    expect(complaints).toEqual([]);
  });

  it("gets a new password by a code", async () => {
    const email = "shopper6@example.test";
    await open("/sign-in");
    await page.getByRole("link", { name: "I forgot my password" }).click();
    await expectPage("Forgotten password");
    await page.getByLabel("Email address").fill(email);
    await button("Send me a code").click();
    await expectPage("Set a new password");
    await page.getByLabel("Code").fill(await codeFor(email));
    await page.getByLabel("New password").fill("another four words");
    await button("Set the password").click();
    await expectPage("Your new password is set");
    await page.getByRole("main").getByRole("link", { name: "Sign in" }).click();
    await signIn(email, "another four words");
    await heading("Good things for every day").waitFor();
    expect(complaints).toEqual([]);
  });
});

it("leads through the shop by keyboard, with the focus on what is new", async () => {
  await open("/");
  await heading("Good things for every day").waitFor();
  await page.keyboard.press("Tab");
  expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the content");
  await page.getByRole("link", { name: "Toys" }).focus();
  await page.keyboard.press("Enter");
  await heading("Toys").waitFor();
  expect(await page.evaluate("document.activeElement.textContent")).toBe("Toys");
  await page.goBack();
  await heading("Good things for every day").waitFor();
  expect(complaints).toEqual([]);
});

describe("a customer who is refused", () => {
  it("is told when to come back", async () => {
    await open("/");
    // The browser's own address spends what the limit allows it.
    for (let n = 0; n < figures.rateLimits.find(({ name }) => name === "search")!.after; n += 1) {
      await fetch(`${shop.url}${routes.search}?q=oak`);
    }
    await page.getByLabel("Search for products").fill("oak");
    await page.keyboard.press("Enter");
    await expectPage("This did not work");
    await page.getByText(/^Too many requests from this address\. You can go on at \d+:\d\d:\d\d/).waitFor();
    expect(await page.getByRole("button", { name: /^Try again in \d+ s$/ }).isDisabled()).toBe(true);
  });

  it("signs in again when the session has ended, and goes on to where they were going", async () => {
    const credentials = { email: "shopper4@example.test", password: seededUser.password };
    await open("/orders");
    await expectPage("Sign in");
    await signIn(credentials.email, credentials.password);
    await heading("Orders").waitFor();
    const signedIn = await callShop(shop.url, signInOperation, { body: credentials });
    await callShop(shop.url, logOutEverywhere, {}, signedIn.ok ? signedIn.body.token : "");
    await page.reload();
    await page.getByText("Your session has ended.").waitFor();
    await signIn(credentials.email, credentials.password);
    await heading("Orders").waitFor();
  });

  it("finds a way on from an address that leads nowhere", async () => {
    expect((await open("/no-such-page"))?.status()).toBe(404);
    await expectPage("There is nothing here");
    await open("/products/999999999");
    await expectPage("There is nothing here");
  });
});

describe("the storefront's files", () => {
  const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
    fetch(shop.url + path, { method, headers: { "accept-encoding": "identity", ...headers }, redirect: "manual" });
  const assetOf = async (pattern: RegExp): Promise<string> =>
    pattern.exec(await (await get("/")).text())?.[0] ?? "none";

  it("are one document for every page, asked for anew each time, under a policy that allows nothing inline", async () => {
    for (const path of ["/", "/products/7", "/orders/1", "/search?q=x"]) {
      const answer = await get(path);
      expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
      expect(answer.headers.get("cache-control")).toBe("no-cache");
      expect(answer.headers.get("content-security-policy")).toBe(
        "default-src 'none';script-src 'self';style-src 'self';img-src 'self';connect-src 'self';form-action 'self';" +
          "base-uri 'none';frame-ancestors 'none';require-trusted-types-for 'script';trusted-types 'none'",
      );
      expect(answer.headers.get("ratelimit")).toBeNull();
      expect((await get(path, { "if-none-match": answer.headers.get("etag")! })).status).toBe(304);
    }
  });

  it.each([
    ["js", "text/javascript; charset=utf-8"],
    ["css", "text/css; charset=utf-8"],
    ["svg", "image/svg+xml"],
  ])("ending in .%s are kept for a day and sent compressed", async (extension, contentType) => {
    const path = await assetOf(new RegExp(`/assets/[\\w-]+\\.${extension}`));
    const plain = await get(path);
    expect(plain.headers.get("content-type")).toBe(contentType);
    expect(plain.headers.get("cache-control")).toBe("public, max-age=86400, immutable");
    expect(plain.headers.get("content-encoding")).toBeNull();
    const text = await plain.text();
    for (const [accepted, encoding] of [
      ["gzip, deflate, br", "br"],
      ["gzip;q=1, br;q=0", "gzip"],
    ] as const) {
      const answer = await get(path, { "accept-encoding": accepted });
      expect(answer.headers.get("content-encoding")).toBe(encoding);
      expect(answer.headers.get("vary")).toBe("Accept-Encoding");
      expect(Number(answer.headers.get("content-length"))).toBeLessThan(text.length);
      expect(await answer.text()).toBe(text);
    }
    const head = await get(path, {}, "HEAD");
    expect([head.headers.get("content-length"), await head.text()]).toEqual([`${Buffer.byteLength(text)}`, ""]);
  });

  it("of another release lead to this one's, and nothing else can be asked for", async () => {
    const current = await assetOf(/\/assets\/storefront-\w+\.js/);
    const old = await get("/assets/storefront-0123456789ab.js");
    expect([old.status, old.headers.get("location"), old.headers.get("cache-control")]).toEqual([
      302,
      current,
      "no-store",
    ]);
    for (const path of ["/manifest.json", "/assets/%2e%2e/manifest.json", `${current}.gz`, "/assets/", "/index.html"]) {
      const answer = await get(path);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(answer.headers.get("content-type")).toBe("application/problem+json; charset=utf-8");
    }
  });
});
