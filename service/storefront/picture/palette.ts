/** Hue in degrees and chroma of OKLCH; lightness belongs to the style sheet, which knows light from dark. */
export interface Palette {
  readonly hue: number;
  readonly chroma: number;
}

/** Words of names that say a colour. */
const coloured: Readonly<Record<string, readonly [hue: number, chroma: number]>> = {
  amber: [70, 0.13],
  brass: [88, 0.1],
  coastal: [225, 0.09],
  copper: [45, 0.12],
  crimson: [20, 0.15],
  emerald: [160, 0.12],
  forest: [146, 0.1],
  golden: [85, 0.14],
  granite: [250, 0.015],
  indigo: [275, 0.13],
  ivory: [85, 0.035],
  linen: [75, 0.03],
  lunar: [265, 0.04],
  maple: [50, 0.11],
  nordic: [235, 0.06],
  olive: [115, 0.1],
  rustic: [40, 0.08],
  sandy: [75, 0.07],
  silver: [250, 0.02],
  solar: [92, 0.14],
  velvet: [340, 0.12],
};

const otherHues = [20, 45, 70, 100, 135, 160, 190, 225, 255, 285, 320, 350] as const;
const otherChroma = 0.1;

/** The colours of a product: what its name says, else any that the same name always gets. */
export function paletteOf(name: string): Palette {
  for (const word of name.toLowerCase().split(/\s+/)) {
    const known = coloured[word];
    if (known !== undefined) return { hue: known[0], chroma: known[1] };
  }
  return { hue: otherHues[hashOf(name) % otherHues.length] ?? 0, chroma: otherChroma };
}

/** FNV-1a over the text's UTF-16 units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}
