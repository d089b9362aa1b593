/** The name that the shop goes by. */
export const shopName = "Everyday";

/** Title of a page's document; of the front page without a name. */
export const titleOf = (page: string | undefined): string =>
  page === undefined ? `${shopName}: good things for every day` : `${page} · ${shopName}`;
