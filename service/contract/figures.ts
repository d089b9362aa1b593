/**
 * The numbers of the requirements ("Scaling to 100,000 users", the seed), as data; nothing else in the
 * repository repeats one of them. USD per month, MiB or GiB as named, 730 hours a month.
 */
export const figures = {
  growth: {
    designedForUsers: 5_000,
    targetUsers: 100_000,
    triggersUsers: { planUpgrades: 5_000, beginPhase1: 8_000, completePhase2: 20_000, completePhase3: 50_000 },
    phase2FromUsers: 10_000,
  },
  tiers: {
    starter: { cpu: 0.5, memoryMiB: 512, usdPerMonth: 7 },
    standard: { cpu: 1, memoryMiB: 2_048, usdPerMonth: 25 },
    pro: { cpu: 2, memoryMiB: 4_096, usdPerMonth: 85 },
  },
  database: {
    free: { usdPerMonth: 0 },
    paid: { usdPerMonth: 20, pooledConnections: 100, backups: true },
    connectionMaxAgeSeconds: 600,
    connectTimeoutSeconds: 10,
  },
  /** What the seed names beside its monthly totals. */
  domainUsdPerYear: 12,
  cache: {
    ttlSeconds: { product: 3_600, session: 86_400, rateLimit: 3_600, static: 86_400 },
    upstashUsdPer100kCommands: 0.2,
    budgetUsdPerMonth: 10,
  },
  email: {
    perDayAt100k: {
      registration: 1_000,
      passwordReset: 500,
      orderConfirmation: 5_000,
      securityAlert: 100,
      total: 6_600,
    },
    gmailSmtpPerDay: 500,
    sendgridFreePerDay: 100,
    sendgridEssentials: { perMonth: 40_000, usdPerMonth: 19.95 },
    sendgridPro: { perMonth: 100_000, usdPerMonth: 89.95 },
    sesUsdPer1000: 0.1,
  },
  cdn: { cloudfrontUsdPerMonth: 5 },
  errorTracking: { sentryTeamUsdPerMonth: 26 },
  /** The seed's monthly totals, rounded as it rounds them. */
  totalsUsdPerMonth: { baseline: 7, phase1: 75, phase2: 150, at100k: 236 },
  rateLimits: [
    { name: "login", path: "^/accounts/token/$", windowSeconds: 60, before: 20, after: 50 },
    { name: "registration", path: "^/accounts/register/", windowSeconds: 3_600, before: 20, after: 50 },
    { name: "search", path: "^/shop/api/products/search/", windowSeconds: 60, before: 100, after: 200 },
    { name: "api", path: "^/.*api/.*", windowSeconds: 60, before: 100, after: 200 },
  ],
  loginPerDayPerUser: 100,
  registrationPerDayPerEmail: 5,
  loadAt100k: {
    concurrentUsers: 10_000,
    requestsPerMinute: 75_000,
    cacheOpsPerMinute: 65_000,
    databaseGiB: { least: 5, most: 10 },
    /** Shares of all requests; login, search and api are the seed's, the split of api is the product's own. */
    mix: { login: 0.067, search: 0.267, productList: 0.2, productDetail: 0.333, ownOrders: 0.12, placeOrder: 0.013 },
    rows: { userSession: 500_000, loginAttempt: 10_000_000, accountLock: 50_000 },
  },
  retention: { loginAttemptDays: 90 },
  objectives: { responseSecondsMax: 2, uptimePercent: 99.9 },
} as const;

export type TierName = keyof typeof figures.tiers;
export type LimitRuleName = (typeof figures.rateLimits)[number]["name"];
