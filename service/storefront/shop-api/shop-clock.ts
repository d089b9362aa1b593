import { store, stored } from "../storage/storage.ts";

const storageKey = "shop.clock";

/**
 * The shop's time in ms since 1970, for what ends at a time that the shop has named: the clock of a customer's device
 * may be days off. Until the shop has told its time, the device's.
 */
export function shopNow(): number {
  return Date.now() + (Number(stored("localStorage", storageKey)) || 0);
}

/** Takes the shop's time from an answer that was just made, never from one that a cache has kept. */
export function setShopClock(headers: Headers): void {
  const aheadMs = Date.parse(headers.get("date") ?? "") - Date.now();
  if (Number.isFinite(aheadMs)) store("localStorage", storageKey, String(aheadMs));
}
