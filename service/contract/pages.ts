/**
 * Pages of the storefront, as the browser's address shows them: the service answers each with the same document, the
 * document's program shows the page, and mails link to them. None begins as the API's paths do.
 */
export const pages = {
  home: "/",
  search: "/search",
  product: "/products/:id",
  basket: "/basket",
  checkout: "/checkout",
  orders: "/orders",
  order: "/orders/:id",
  signIn: "/sign-in",
  signUp: "/sign-up",
  account: "/account",
  verify: "/verify",
  forgotPassword: "/forgot-password",
  resetPassword: "/reset-password",
} as const;

export type PageName = keyof typeof pages;
