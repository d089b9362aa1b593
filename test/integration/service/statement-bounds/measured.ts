import type { HttpRequest } from "../../../../service/contract/client.ts";

/** Requests that an operation is measured over: what the shop asks its database by itself is less than one for each. */
export const repeats = 20;
/** Rows that an answer is made of where it can be of many: with a statement for each, every bound would be passed. */
export const many = 50;

/** Bound of one operation, and how to measure it. */
export interface Measured {
  /** Most statements that one request may cost, BEGIN and COMMIT and the lookup of its session included. */
  readonly most: number;
  /** Request number `n` of 1..repeats: one that no cache can answer, about as many rows as there can be. */
  readonly request: (n: number) => HttpRequest;
}

export type Bounds = Readonly<Record<string, Measured>>;

/** What the requests need. User n has id n. */
export interface World {
  /** Token of a session that no cache knows; of user 1 unless another is named. */
  readonly token: (user?: number) => string;
  /** An order of user 1 with many lines, and `repeats` orders that can be cancelled. */
  readonly orderId: number;
  readonly cancellable: readonly number[];
}

/** Who is staff: not user 1, for the limits count each user's requests. */
export const userOfStaff = 2;
