import { routes } from "../../service/contract/routes.ts";

/** A customer who signed up over the shop's own API, and what the shop must not lose of them. */
export interface Customer {
  readonly email: string;
  readonly orders: readonly number[];
}

const password = "a password of some length";

/** Signs up, signs in and orders one product, each over the router; throws on any other answer than success. */
export async function becomeCustomer(baseUrl: string, email: string): Promise<Customer> {
  const token = await signUp(baseUrl, email);
  const order = await post(
    baseUrl,
    routes.orders,
    { lines: [{ productId: 7, quantity: 1 }] },
    { authorization: `Bearer ${token}` },
  );
  return { email, orders: [Number(order["id"])] };
}

/** Registers an account, signs in, and gives the session's token. */
export async function signUp(baseUrl: string, email: string): Promise<string> {
  await post(baseUrl, routes.register, { email, password });
  return signIn(baseUrl, email);
}

/** Ids of the orders that the shop shows its customer now. */
export async function ordersOf(baseUrl: string, { email }: Customer): Promise<readonly number[]> {
  const token = await signIn(baseUrl, email);
  const response = await fetch(`${baseUrl}${routes.orders}`, { headers: { authorization: `Bearer ${token}` } });
  const { items } = (await response.json()) as { items: readonly { id: number }[] };
  return items.map(({ id }) => id);
}

async function signIn(baseUrl: string, email: string): Promise<string> {
  return String((await post(baseUrl, routes.token, { email, password }))["token"]);
}

async function post(
  baseUrl: string,
  path: string,
  content: object,
  headers: Record<string, string> = {},
): Promise<Record<string, unknown>> {
  const response = await fetch(`${baseUrl}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(content),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}
