import { readFileSync, writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AxeResults } from "axe-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reportMarkdown } from "../../../cli/render/report-markdown.ts";
import { capacityPage } from "../../../cli/render/pages/capacity-page.ts";
import { reportPage } from "../../../cli/render/pages/report-page.ts";
import { startBrowser, type TestBrowser } from "../../support/browser.ts";
import { capacityExample } from "../../support/capacity-example.ts";
import { reportExample } from "../../support/report-example.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "shop-report-"));
const pages = { report: reportPage(reportExample), capacity: capacityPage(capacityExample) };
let browser: TestBrowser;

beforeAll(async () => {
  for (const [name, html] of Object.entries(pages)) writeFileSync(join(folder, `${name}.html`), html);
  // axe comes into the page by a way that its policy does not allow a script.
  browser = await startBrowser({ bypassCSP: true });
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("the pages of report and capacity", () => {
  it.each([
    ["report", "light", 1_000],
    ["report", "dark", 1_000],
    ["report", "light", 360],
    ["report", "dark", 360],
    ["capacity", "light", 360],
  ] as const)(
    "%s: %s at %i px is fit for everyone, no wider than its window, and asks nobody",
    async (name, colorScheme, width) => {
      const page = await browser.context.newPage();
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await page.goto(`file://${join(folder, `${name}.html`)}`);
      expect(asked).toHaveLength(1);
      const wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
      expect(wide).toBe(0);
      const shown = await page
        .locator(width < 560 ? ".narrow" : ".wide")
        .first()
        .isVisible();
      expect(shown).toBe(true);
      const paper = await page.evaluate("getComputedStyle(document.body).backgroundColor");
      expect(paper).toBe(colorScheme === "light" ? "rgb(255, 255, 255)" : "rgb(20, 24, 29)");
      await page.evaluate(axe);
      const { violations } = await page.evaluate<AxeResults>("axe.run({ resultTypes: ['violations'] })");
      expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
      await page.close();
    },
  );

  it("prints dark on light, whatever the screen is", async () => {
    const page = await browser.context.newPage();
    await page.emulateMedia({ colorScheme: "dark", media: "print" });
    await page.goto(`file://${join(folder, "report.html")}`);
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
    await page.close();
  });

  it("take no text for markup, and have no script", () => {
    expect(pages.report).toContain("&lt;b&gt;CPU&lt;/b&gt; of the tier");
    expect(pages.report).not.toMatch(/<script|<b>CPU<|https?:\/\/(?!www\.w3\.org)/);
    expect(pages.report).toContain(
      "119 more fit: 106 requests a second at the peak, 47% of the 225 measured on 2026-01-01; reached at 18,000 users, not before 2026-06-01",
    );
  });

  it("show where users go, what the months to come cost, and what gates saw", () => {
    expect(pages.report).toContain("the forecast to 2026-07-18: 16,777, between 16,197 and 17,377");
    expect(pages.report).toContain("74.95 USD in 2026-07, between 74.95 and 74.95");
    expect(pages.report).toContain("failed: server-errors 12 of 0 (failed)");
    const unknown = { history: [], forecast: [], missing: "3 days of history, a forecast takes 14", months: [] };
    const without = reportPage({ ...reportExample, usersAhead: unknown });
    expect(without).toContain("No forecast: 3 days of history, a forecast takes 14.");
    expect(without).not.toContain("Cost by month");
  });

  it("in Markdown neither", () => {
    const text = reportMarkdown(reportExample);
    expect(text).toContain("**Binding constraint:** &lt;b>CPU&lt;/b> of the tier");
    expect(text).toContain("| tier-standard | 1 | due by the user count | 7.00 → 25.00 USD/month |");
    expect(text).toContain("**Forecast of users:** 16,777 (16,197 to 17,377) on 2026-07-18");
    expect(text).toContain("| 2026-03 | 9,666 (9,473 to 9,862) | 74.95 |  |");
    expect(text).toContain("| rollback of tier-standard | 2026-01-30 13:00 | done | failed: server-errors 12 of 0");
    const heads = 2 * 4;
    const { steps, cost, usersAhead, rollouts } = reportExample;
    expect(text.split("\n").filter((line) => line.startsWith("| ")).length).toBe(
      heads + steps.length + cost.lines.length + usersAhead.months.length + rollouts.length,
    );
  });
});
