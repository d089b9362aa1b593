import { adjectives, categories, materials } from "./words.ts";

export interface SeedProduct {
  readonly categorySlug: string;
  readonly name: string;
  readonly description: string;
  readonly priceCents: number;
  readonly stock: number;
}

const things = Object.entries(categories).flatMap(([slug, { things }]) =>
  things.map((thing) => ({ categorySlug: slug, thing })),
);

/** Enough that no demo sells one out. */
const stock = 1_000_000;

/**
 * Product `n` of 1, 2, …: always the same. Neighbouring numbers get unlike names, so that the popular low ids are
 * spread over all words and categories. Names repeat after 51,200.
 */
export function makeProduct(n: number): SeedProduct {
  const index = n - 1;
  const { categorySlug, thing } = pick(things, index);
  const adjective = pick(adjectives, Math.floor(index / things.length) + index * 7);
  const material = pick(materials, Math.floor(index / (things.length * adjectives.length)) + index * 3);
  const name = `${adjective} ${material} ${thing}`;
  return {
    categorySlug,
    name,
    description: `${name}: made of ${material.toLowerCase()}, for every day. Article ${n}.`,
    priceCents: 199 + ((n * 7_919) % 19_800),
    stock,
  };
}

function pick<T>(list: readonly T[], index: number): T {
  const item = list[index % list.length];
  if (item === undefined) throw new RangeError("picked from an empty list");
  return item;
}
