/** Accounts that a run adds, and what their history depends on. */
export interface NewAccounts {
  /** Ids in the order of the users' numbers. */
  readonly ids: readonly number[];
  /** Number of the first of them: `seededUser.email(firstNumber)`. */
  readonly firstNumber: number;
  /** Equal seeds make equal rows. */
  readonly seed: number;
  /** End of the history, in ms since 1970; usually now. */
  readonly untilMs: number;
}

/** What a row is drawn for, so that rows of different tables do not depend on each other. */
export const drawFor = { attempt: 1, address: 2, session: 3, order: 4, lock: 5 } as const;

export const dayMs = 86_400_000;
