import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
import { buildStorefront } from "../../scripts/build-storefront.ts";
import { internalRoutes } from "../../service/contract/routes.ts";
import { startBrowser, type TestBrowser } from "./browser.ts";
import { startSmtpReceiver, type MailReceiver } from "./mail-receivers.ts";
import { startPostgres, type TestPostgres } from "./postgres.ts";
import { migrateShop, seedShop, startShop, type TestShop } from "./shop.ts";

/** A seeded shop that serves the storefront of these sources, and a browser to visit it with. */
export interface TestStorefront {
  readonly postgres: TestPostgres;
  readonly mails: MailReceiver;
  readonly shop: TestShop;
  readonly browser: TestBrowser;
  open(page: Page, path: string): ReturnType<Page["goto"]>;
  /** Two tabs of one customer who has nothing in the basket; the caller closes them. */
  twoTabs(): Promise<[Page, Page]>;
  putIntoBasket(page: Page, productId: number): Promise<void>;
  orderCount(email: string): Promise<number>;
  /** Changes products behind the shop's back, and lets it look again. */
  changeProducts(sql: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startStorefront(browserOptions: BrowserContextOptions = {}): Promise<TestStorefront> {
  const folder = mkdtempSync(join(tmpdir(), "shop-storefront-"));
  const [postgres, mails, browser] = await Promise.all([
    startPostgres(),
    startSmtpReceiver(),
    startBrowser(browserOptions),
    buildStorefront(folder),
  ]);
  await migrateShop(postgres);
  await seedShop(postgres, 20, 300);
  const shop = await startShop(postgres.shopUrl(), {
    SHOP_STOREFRONT: folder,
    SHOP_LIMITS: "raised",
    SHOP_SMTP_URL: `${mails.url}?ignoreTLS=true`,
  });
  return {
    postgres,
    mails,
    shop,
    browser,
    open: (page, path) => page.goto(shop.url + path),
    twoTabs: async () => {
      const other = await browser.context.newPage();
      const page = await browser.context.newPage();
      await page.goto(shop.url);
      await page.evaluate("localStorage.clear()");
      return [page, other];
    },
    putIntoBasket: async (page, productId) => {
      await page.goto(`${shop.url}/products/${productId}`);
      await page.getByRole("button", { name: "Add to basket" }).click();
      await page.getByText("Added to your basket").waitFor();
    },
    orderCount: async (email) => {
      const sql = "select count(*)::int as n from orders join account on account.id = account_id where email = $1";
      return (await postgres.query<{ n: number }>(sql, [email]))[0]?.n ?? 0;
    },
    changeProducts: async (sql) => {
      await postgres.query(sql);
      await fetch(shop.internalUrl + internalRoutes.forget, { method: "POST" });
    },
    stop: async () => {
      await browser.close();
      await shop.stop();
      await mails.stop();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Fills in the sign-in page that is shown. */
export async function signInOn(page: Page, email: string, password: string, stay = false): Promise<void> {
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password").fill(password);
  if (stay) await page.getByLabel("Stay signed in").check();
  await page.getByRole("button", { name: "Sign in" }).click();
}
