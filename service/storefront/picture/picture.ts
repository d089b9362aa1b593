import { svg } from "../view/element.ts";
import { categoryGlyphs, glyphs, parcel } from "./glyphs.ts";
import { paletteOf, type Palette } from "./palette.ts";

/** The picture of a product, drawn from its name and category: equal names, equal pictures. Decorative: the name stands beside it. */
export function productPicture({ name, category }: { name: string; category: string }): SVGElement {
  const thing = name.toLowerCase().split(/\s+/).at(-1) ?? "";
  return picture(glyphs[thing] ?? glyphs[categoryGlyphs[category] ?? ""] ?? parcel, paletteOf(name));
}

const categoryHues = [32, 70, 140, 255, 200, 20, 300, 340] as const;

/** The picture of a category. */
export function categoryPicture(slug: string): SVGElement {
  const place = Object.keys(categoryGlyphs).indexOf(slug);
  const hue = categoryHues[place];
  const palette = hue === undefined ? paletteOf(slug) : { hue, chroma: 0.09 };
  return picture(glyphs[categoryGlyphs[slug] ?? ""] ?? parcel, palette);
}

function picture(drawing: string, { hue, chroma }: Palette): SVGElement {
  const drawn = svg(
    "svg",
    { class: "picture", viewBox: "0 0 120 120", "aria-hidden": "true", focusable: "false" },
    svg("circle", { class: "p-sun", cx: 60, cy: 56, r: 48 }),
    svg("ellipse", { class: "p-shade", cx: 60, cy: 95, rx: 42, ry: 5 }),
    ...drawing.split("|").map((shape) => drawShape(shape)),
  );
  // Through the object model, which the content security policy allows; a style attribute it would not.
  drawn.style.setProperty("--hue", `${hue}`);
  drawn.style.setProperty("--chroma", `${chroma}`);
  return drawn;
}

function drawShape(shape: string): SVGElement {
  const tone = `p-${shape.slice(0, 1)}`;
  const form = shape.slice(1);
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = form.slice(1).split(" ").map(Number);
  if (form.startsWith("C")) return svg("circle", { class: tone, cx: a, cy: b, r: c });
  if (form.startsWith("R")) return svg("rect", { class: tone, x: a, y: b, width: c, height: d, rx: e });
  return svg("path", { class: tone, d: form, "fill-rule": "evenodd" });
}
