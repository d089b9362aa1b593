/** The seed's paths, as the router, the limits, the load driver and the tests see them. */
export const routes = {
  register: "/accounts/register/",
  token: "/accounts/token/",
  refresh: "/accounts/token/refresh/",
  logout: "/accounts/logout/",
  logoutEverywhere: "/accounts/logout/everywhere/",
  sessions: "/accounts/sessions/",
  session: "/accounts/sessions/:id/",
  verifyEmail: "/accounts/email/verify/",
  resendVerification: "/accounts/email/resend/",
  changePassword: "/accounts/password/change/",
  resetPassword: "/accounts/password/reset/",
  confirmReset: "/accounts/password/reset/confirm/",
  me: "/accounts/me/",
  products: "/shop/api/products/",
  search: "/shop/api/products/search/",
  product: "/shop/api/products/:id/",
  categories: "/shop/api/categories/",
  orders: "/shop/api/orders/",
  order: "/shop/api/orders/:id/",
  cancelOrder: "/shop/api/orders/:id/cancel/",
  staffProducts: "/shop/api/staff/products/",
  staffProduct: "/shop/api/staff/products/:id/",
  staffStock: "/shop/api/staff/products/:id/stock/",
  openapi: "/shop/api/openapi.json",
} as const;

/** What is there is somebody's own: no cache may keep it. */
export const privatePaths = /^\/(accounts|shop\/api\/(orders|staff))(\/|$)/;

/** As good to guess at as a login: limited as that, by `limits/rules.ts`. */
export const guardedPaths = /^\/accounts\/(token\/refresh|password|email)\//;

/** The rest of an account, for who is signed in: counted with the API, by `limits/rules.ts`. */
export const ownAccountPaths = /^\/accounts\/(me|sessions|logout)\//;

/** Routes of the internal port. */
export const internalRoutes = {
  metrics: "/metrics",
  health: "/healthz",
  ready: "/readyz",
  /** POST: forget every cached answer and session, because another database has taken the place of the one they are from. */
  forget: "/forget",
} as const;

/** What the seeder makes and the load driver signs in with: user `n` of 1..users. */
export const seededUser = {
  email: (n: number): string => `shopper${n}@example.test`,
  password: "correct horse battery staple",
} as const;
