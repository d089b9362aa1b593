import { describe, expect, it } from "vitest";
import { pages } from "../../../service/contract/pages.ts";
import { routes } from "../../../service/contract/routes.ts";
import { glyphs } from "../../../service/storefront/picture/glyphs.ts";
import { paletteOf } from "../../../service/storefront/picture/palette.ts";
import { linkTo } from "../../../service/storefront/routing/link-to.ts";
import { matchPage } from "../../../service/storefront/routing/match-page.ts";
import { pageOf } from "../../../service/pages/page-of.ts";
import { categories } from "../../../service/seed/words.ts";

describe("addresses of pages", () => {
  it("are found again by what made them, in the browser and in the service", () => {
    for (const [name, pattern] of Object.entries(pages)) {
      const address = linkTo(name as keyof typeof pages, { id: 7, q: "oak & pine" });
      const { pathname } = new URL(address, "http://127.0.0.1");
      expect(matchPage(pathname)?.name).toBe(name);
      expect(pageOf(pathname)).toBe(pattern);
    }
    expect(linkTo("product", { id: 7, q: "oak & pine", sort: undefined })).toBe("/products/7?q=oak+%26+pine");
    expect(matchPage("/products/7")?.params).toEqual({ id: "7" });
  });

  it("are never those of the API", () => {
    for (const path of Object.values(routes)) expect(pageOf(path)).toBeUndefined();
  });
});

describe("pictures", () => {
  it("exist for everything that the seeded shop sells", () => {
    const things = Object.values(categories).flatMap(({ things }) => things.map((thing) => thing.toLowerCase()));
    expect(things.filter((thing) => glyphs[thing] === undefined)).toEqual([]);
  });

  it("have the colour that a name says, else one that stays", () => {
    expect(paletteOf("Crimson Oak Lamp")).toEqual({ hue: 20, chroma: 0.15 });
    expect(paletteOf("Quiet Oak Lamp")).toEqual(paletteOf("Quiet Oak Lamp"));
    expect(paletteOf("")).toEqual({ hue: 45, chroma: 0.1 });
  });
});
