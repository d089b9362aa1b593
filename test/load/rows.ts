import type { Operation } from "../../service/contract/operation.ts";
import { listProducts, readProduct, searchProducts } from "../../service/contract/catalogue.ts";
import { requestOf, type RequestOf } from "../../service/contract/client.ts";
import { signIn } from "../../service/contract/accounts.ts";
import { placeOrder } from "../../service/contract/orders.ts";
import { seededUser } from "../../service/contract/routes.ts";
import { makeProduct } from "../../service/seed/make-product.ts";
import { encodeCursor } from "../../service/shop/product-cursor.ts";

/** One line of the table: work of the shop, and the floor that it is measured beside. */
export interface Row {
  readonly name: string;
  readonly cache: "memory" | "redis" | "none";
  readonly floor: "constant" | "redis" | "query" | "order" | "hash" | "login";
  /** 50 unless said. The shop lets 50 logins wait at most, and turns follow each other before the last are done. */
  readonly connections?: number;
  /** Client addresses that its requests come from in turn; as many as no limit refuses anything of unless said. */
  readonly clients?: number;
  /** Its turns are so many times as long, because a request takes long beside a turn; 1 unless said. */
  readonly turnsLast?: number;
  /** Least share of the floor that the shop is to reach. */
  readonly target: number;
  /** Requests without their clients' addresses, sent in turn. */
  readonly requests: (world: World) => readonly string[];
}

/** What requests need of the database. */
export interface World {
  /** Bearer tokens of different accounts. */
  readonly tokens: readonly string[];
}

export const productCount = 2_000;
const userCount = 1_000;
const ids = Array.from({ length: productCount }, (_, index) => index + 1);

const list = (): readonly string[] => [text(listProducts, { query: {} })];
const detail = (): readonly string[] => ids.map((id) => text(readProduct, { params: { id: `${id}` } }));
/** Every request for another page, so that no two that run at once are one load. */
const pages = (): readonly string[] =>
  ids.map((id) => text(listProducts, { query: { sort: "price", after: after(id) } }));
const searches = (): readonly string[] =>
  ids.map((id) => text(searchProducts, { query: { q: makeProduct(id).name.slice(0, -1) } }));
const orders = ({ tokens }: World): readonly string[] =>
  ids.map((id) => {
    const lines = [id, 1 + ((id + 700) % productCount)].map((productId) => ({ productId, quantity: 1 }));
    return text(placeOrder, { body: { lines } }, tokens[id % tokens.length]);
  });
const logins = (): readonly string[] =>
  Array.from({ length: userCount }, (_, index) =>
    text(signIn, { body: { email: seededUser.email(index + 1), password: seededUser.password } }),
  );

const login = {
  cache: "memory",
  connections: 20,
  // Everybody from home: a sign-in from elsewhere also writes a mail that warns of it.
  clients: userCount,
  turnsLast: 3,
  target: 0.9,
  requests: logins,
} as const;

export const rows: readonly Row[] = [
  { name: "list-memory", cache: "memory", floor: "constant", target: 1, requests: list },
  { name: "detail-memory", cache: "memory", floor: "constant", target: 1, requests: detail },
  { name: "list-redis", cache: "redis", floor: "redis", target: 1, requests: list },
  { name: "detail-redis", cache: "redis", floor: "redis", target: 1, requests: detail },
  { name: "list-uncached", cache: "none", floor: "query", target: 0.85, requests: pages },
  { name: "detail-uncached", cache: "none", floor: "query", target: 0.85, requests: detail },
  { name: "search-uncached", cache: "none", floor: "query", target: 0.75, requests: searches },
  { name: "order", cache: "memory", floor: "order", target: 0.6, requests: orders },
  { ...login, name: "login", floor: "hash" },
  { ...login, name: "login-bare", floor: "login" },
];

/** Where the page after a product begins, by price. */
export function after(id: number): string {
  const { name, categorySlug: category, priceCents } = makeProduct(id);
  return encodeCursor("price", { id, name, category, priceCents });
}

/** A request written out as HTTP/1.1. */
function text<O extends Operation>(operation: O, input: RequestOf<O>, token?: string): string {
  const { method, path, headers, body = "" } = requestOf(operation, input, token);
  const lines = Object.entries({ host: "shop.test", ...headers }).map(([name, value]) => `${name}: ${value}`);
  const length = body === "" ? [] : [`content-length: ${Buffer.byteLength(body)}`];
  return [`${method} ${path} HTTP/1.1`, ...lines, ...length, "", body].join("\r\n");
}
