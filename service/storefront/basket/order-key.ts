import { parseJson } from "../storage/parse-json.ts";
import { store, stored } from "../storage/storage.ts";
import type { BasketLine } from "./basket.ts";

const storageKey = "shop.order-key";

/** What an order asks for, as a line of the basket or of an order has it. */
type Wanted = Pick<BasketLine, "id" | "quantity">;

interface Stored {
  readonly key: string;
  readonly of: string;
}

/**
 * The idempotency key of an order of these lines: the same until the order was placed, or cancelled, or the lines change,
 * also after a reload and in another tab. So an order that was sent again, whatever happened to the first answer, is placed once.
 */
export function orderKeyOf(lines: readonly Wanted[]): string {
  const of = textOf(lines);
  const kept = keptKey();
  if (kept?.of === of) return kept.key;
  const made: Stored = { key: randomKey(), of };
  store("localStorage", storageKey, JSON.stringify(made));
  return made.key;
}

/** The next order is another one, even of the same lines. */
export function forgetOrderKey(): void {
  store("localStorage", storageKey, undefined);
}

/** As `forgetOrderKey` if the key is one of these lines: that of another order, whose answer was lost, stays. */
export function forgetOrderKeyOf(lines: readonly Wanted[]): void {
  if (keptKey()?.of === textOf(lines)) forgetOrderKey();
}

function keptKey(): Stored | undefined {
  return parseJson(stored("localStorage", storageKey), isStored);
}

/** Equal for equal orders, in whatever order their lines come: the shop's come by product. */
function textOf(lines: readonly Wanted[]): string {
  return JSON.stringify(lines.map(({ id, quantity }) => [id, quantity] as const).toSorted(([a], [b]) => a - b));
}

function isStored(value: object): value is Stored {
  return "key" in value && "of" in value;
}

/** 128 random bits. `crypto.randomUUID` is missing where a page is not secure, e.g. on a plain-HTTP test host. */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
