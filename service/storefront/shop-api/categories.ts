import { titleOfSlug } from "../view/format.ts";
import { categoryGlyphs } from "../picture/glyphs.ts";

export interface Category {
  readonly slug: string;
  readonly name: string;
}

/** The categories of the shop. */
export async function loadCategories(): Promise<readonly Category[]> {
  return Object.keys(categoryGlyphs).map((slug) => ({ slug, name: titleOfSlug(slug) }));
}
