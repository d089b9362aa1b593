/** The CDN before the shop, as far as the shop must know of it. */
export interface Cdn {
  /** Makes it forget answers (`contract/cdn.ts` says how paths are named). Never throws; waits a moment for it, no longer. */
  purge(paths: readonly string[]): Promise<void>;
}

/** No CDN holds anything. */
export const noCdn: Cdn = { purge: () => Promise.resolve() };
