import { homeAddress, officeAddress, type Offices } from "./addresses.ts";
import { concurrentOf } from "./mix.ts";
import { below, type Random } from "./random.ts";

/** Somebody in the shop: a seeded user at an address, signed in once there is a token. */
export interface Shopper {
  readonly user: number;
  readonly address: string;
  readonly atOffice: boolean;
  /** Access token, and when it ends, in ms since 1970: who stays longer without signing in again is signed out. */
  token: string | undefined;
  tokenEndsAtMs: number;
}

/** The shoppers that are in the shop now: one in ten users; a login brings the next one. */
export interface Shoppers {
  /** Anyone in the shop, signed in or not. */
  anyone(): Shopper;
  /** Someone signed in; undefined while nobody is. */
  signedIn(): Shopper | undefined;
  /** The one who signs in next; takes the place of the one who signed in longest ago. */
  nextToSignIn(): Shopper;
}

/** Tries before the shop counts as one with nobody signed in; the signed-in share is near 1 after the first minutes. */
const draws = 16;

/** Users come in turn, each equally often; places in offices are spread evenly over the places. */
export function shoppersOf(options: {
  readonly users: number;
  readonly offices: Offices;
  readonly random: Random;
  readonly now?: () => number;
}): Shoppers {
  const { users, offices, random, now = Date.now } = options;
  const places = Math.min(users, concurrentOf(users));
  const first = below(random, users);
  let come = 0;
  let signIns = 0;

  const arrive = (place: number): Shopper => {
    const user = 1 + ((first + come++) % users);
    const office = officeOf(place, offices);
    const address = office === undefined ? homeAddress(user) : officeAddress(office);
    return { user, address, atOffice: office !== undefined, token: undefined, tokenEndsAtMs: 0 };
  };
  const inShop = Array.from({ length: places }, (_, place) => arrive(place));
  const at = (place: number): Shopper => (inShop[place] ??= arrive(place));

  return {
    anyone: () => at(below(random, places)),
    signedIn: () => {
      const among = Math.min(signIns, places);
      if (among === 0) return undefined;
      for (let draw = 0; draw < draws; draw += 1) {
        const shopper = at(below(random, among));
        if (shopper.token !== undefined && shopper.tokenEndsAtMs > now()) return shopper;
      }
      return undefined;
    },
    nextToSignIn: () => {
      const place = signIns++ % places;
      if (signIns > places) inShop[place] = arrive(place);
      return at(place);
    },
  };
}

function officeOf(place: number, { count, share }: Offices): number | undefined {
  const before = Math.floor(place * share);
  return count > 0 && Math.floor((place + 1) * share) > before ? before % count : undefined;
}
