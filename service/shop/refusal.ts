/** Every expected "no" of the shop; `contract/problems.ts` gives each its status. Faults are thrown instead. */
export type Refusal =
  | { readonly code: "invalid-input"; readonly errors: readonly FieldError[] }
  | { readonly code: "wrong-credentials" }
  | { readonly code: "not-signed-in" }
  | { readonly code: "wrong-password" }
  | { readonly code: "wrong-code" }
  | { readonly code: "not-found" }
  | { readonly code: "method-not-allowed" }
  | { readonly code: "not-acceptable" }
  | { readonly code: "body-too-large" }
  | { readonly code: "unsupported-media-type" }
  | { readonly code: "unknown-page" }
  | { readonly code: "unknown-product"; readonly productIds: readonly number[] }
  | { readonly code: "unknown-category" }
  | { readonly code: "too-much-stock"; readonly productIds: readonly number[] }
  | { readonly code: "out-of-stock"; readonly productIds: readonly number[] }
  | { readonly code: "total-changed"; readonly totalCents: number }
  | { readonly code: "not-cancellable" }
  | { readonly code: "idempotency-key-reused" }
  | { readonly code: "too-many-requests"; readonly retryAfterSeconds: number }
  | { readonly code: "too-many-attempts"; readonly retryAfterSeconds: number }
  | { readonly code: "verify-first"; readonly retryAfterSeconds: number }
  | { readonly code: "busy"; readonly retryAfterSeconds: number }
  | { readonly code: "unavailable"; readonly retryAfterSeconds: number };

export interface FieldError {
  readonly field: string;
  readonly message: string;
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export function accepted<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function refused(refusal: Refusal): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal };
}
