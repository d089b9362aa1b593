/** Caches of the shop, by what they hold. */
export const cacheNames = ["product", "product-list", "search", "category", "session"] as const;
export type CacheName = (typeof cacheNames)[number];
