import { register, signIn as signInOperation } from "../../service/contract/accounts.ts";
import { callShop, type AnswerOf, type RequestOf } from "../../service/contract/client.ts";
import type { Operation } from "../../service/contract/operation.ts";
import { listOrders, placeOrder } from "../../service/contract/orders.ts";

/** A customer who signed up over the shop's own API, and what the shop must not lose of them. */
export interface Customer {
  readonly email: string;
  readonly orders: readonly number[];
}

const password = "a password of some length";

/** Signs up, signs in and orders one product, each over the router; throws on any other answer than success. */
export async function becomeCustomer(baseUrl: string, email: string): Promise<Customer> {
  const token = await signUp(baseUrl, email);
  const order = await succeed(baseUrl, placeOrder, { body: { lines: [{ productId: 7, quantity: 1 }] } }, token);
  return { email, orders: [order.id] };
}

/** Registers an account, signs in, and gives the session's token. */
export async function signUp(baseUrl: string, email: string): Promise<string> {
  await succeed(baseUrl, register, { body: { email, password } });
  return signIn(baseUrl, email);
}

/** Ids of the orders that the shop shows its customer now. */
export async function ordersOf(baseUrl: string, { email }: Customer): Promise<readonly number[]> {
  const { items } = await succeed(baseUrl, listOrders, {}, await signIn(baseUrl, email));
  return items.map(({ id }) => id);
}

async function signIn(baseUrl: string, email: string): Promise<string> {
  return (await succeed(baseUrl, signInOperation, { body: { email, password } })).token;
}

type Success<O extends Operation> = Extract<AnswerOf<O>, { ok: true }>["body"];

async function succeed<O extends Operation>(
  baseUrl: string,
  operation: O,
  input: RequestOf<O>,
  token?: string,
): Promise<Success<O>> {
  const answer = await callShop(baseUrl, operation, input, token);
  if (!answer.ok) throw new Error(`${operation.id} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}
