import { expect } from "vitest";

/** The first page of a shop's products. */
export async function productsOf(url: string): Promise<unknown[]> {
  const response = await fetch(`${url}/shop/api/products/?limit=20`);
  return ((await response.json()) as { items: unknown[] }).items;
}

/** Registers an account; `signIn` with the same address is answered 200 from then on. */
export async function register(url: string, email: string): Promise<void> {
  expect((await post(`${url}/accounts/register/`, email)).status).toBe(202);
}

/** Status of the answer to signing in. */
export async function signIn(url: string, email: string): Promise<number> {
  return (await post(`${url}/accounts/token/`, email)).status;
}

async function post(address: string, email: string): Promise<Response> {
  const body = JSON.stringify({ email, password: "a long enough password" });
  return await fetch(address, { method: "POST", headers: { "content-type": "application/json" }, body });
}
