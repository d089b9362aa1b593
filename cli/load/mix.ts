import { figures } from "../../service/contract/figures.ts";
import { weightedIndex, type Random } from "./random.ts";

const { mix, requestsPerMinute } = figures.loadAt100k;

/** What shoppers do; the names are those of the seed's mix. */
export type Action = keyof typeof mix;

export const actions = [
  "login",
  "search",
  "productList",
  "productDetail",
  "ownOrders",
  "placeOrder",
] as const satisfies readonly Action[];

const drawIndex = weightedIndex(actions.map((action) => mix[action]));

/** Draws an action with its share of the mix. */
export function drawAction(random: Random): Action {
  return actions[drawIndex(random)] ?? "productDetail";
}

/** Requests a second of a shop with so many users: the growth plan's 75,000 a minute at 100,000 users, scaled linearly. */
export function rateOf(users: number): number {
  return (requestsPerMinute / 60) * (users / figures.growth.targetUsers);
}

/** Shoppers that are in the shop at one time: the growth plan's one in ten. */
export function concurrentOf(users: number): number {
  return Math.max(1, Math.round(users * (figures.loadAt100k.concurrentUsers / figures.growth.targetUsers)));
}
