import type { Categories } from "../../contract/catalogue.ts";
import { ask } from "./ask.ts";
import { listCategories } from "./endpoints.ts";

export type Category = Categories["items"][number];

let known: readonly Category[] | undefined;

/** The categories of the shop, asked for once; without an answer none, for pages are complete without. */
export async function loadCategories(): Promise<readonly Category[]> {
  if (known !== undefined) return known;
  const reply = await ask(listCategories, {});
  if (reply.ok) known = reply.body.items;
  return known ?? [];
}
