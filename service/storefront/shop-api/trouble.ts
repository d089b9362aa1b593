import type { Problem, ProblemCode } from "../../contract/problems.ts";

/** Why a request gave nothing: the shop's problem, or `no-answer` when nothing (or something else) answered. */
export interface Trouble {
  readonly code: ProblemCode | "no-answer";
  readonly title: string;
  /** When it may be tried again, in ms since 1970; undefined when the shop named no time. */
  readonly retryAtMs?: number;
  readonly errors: NonNullable<Problem["errors"]>;
  readonly productIds: readonly number[];
  /** What the order would cost now; of `total-changed`. */
  readonly totalCents?: number;
}

/** Thrown by `need`, so that pages read what they show in a straight line; the router turns it into a page. */
export class TroubleError extends Error {
  readonly trouble: Trouble;
  constructor(trouble: Trouble) {
    super(trouble.title);
    this.name = "TroubleError";
    this.trouble = trouble;
  }
}

export const noAnswer: Trouble = { code: "no-answer", title: "The shop does not answer", errors: [], productIds: [] };

/** What the shop would say; nothing has to be sent for it. */
export const notSignedIn: Trouble = { code: "not-signed-in", title: "Sign in first", errors: [], productIds: [] };

/** The trouble that an answer tells of. `Retry-After` is seconds: the shop sends no dates there. */
export function troubleOf(problem: Problem, headers: Headers, nowMs: number): Trouble {
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  return {
    code: problem.code,
    title: problem.title,
    errors: problem.errors ?? [],
    productIds: problem.productIds ?? [],
    ...(problem.totalCents === undefined ? {} : { totalCents: problem.totalCents }),
    ...(Number.isFinite(seconds) ? { retryAtMs: nowMs + seconds * 1_000 } : {}),
  };
}
