/** JSON bodies of the shop's routes, as its clients see them. Money is in cents, times are ISO 8601 in UTC. */
export interface Credentials {
  readonly email: string;
  /** 8 to 128 characters. */
  readonly password: string;
}

/** 202 of `POST register`, the same for a new and for a known address. */
export interface RegisterAnswer {
  readonly email: string;
}

/** 200 of `POST token`; sent back as `Authorization: Bearer <token>`. */
export interface TokenAnswer {
  readonly token: string;
  readonly expiresAt: string;
}

export interface Me {
  readonly id: number;
  readonly email: string;
  readonly createdAt: string;
}

export interface ProductSummary {
  readonly id: number;
  readonly name: string;
  readonly category: string;
  readonly priceCents: number;
}

/** 200 of `GET products?category&sort&limit&after` and of `GET search?q&limit`; `next` goes into `after`. */
export interface ProductPage {
  readonly items: readonly ProductSummary[];
  readonly next: string | null;
}

export interface ProductDetail extends ProductSummary {
  readonly description: string;
  readonly stock: number;
}

/** Body of `POST orders`; 1 to 50 lines of 1 to 100 pieces. Header `Idempotency-Key` makes it safe to repeat. */
export interface OrderRequest {
  readonly lines: readonly { readonly productId: number; readonly quantity: number }[];
}

export interface OrderSummary {
  readonly id: number;
  readonly createdAt: string;
  readonly totalCents: number;
}

/** 201 of `POST orders`, 200 of `GET order`. */
export interface Order extends OrderSummary {
  readonly lines: readonly OrderLine[];
}

export interface OrderLine {
  readonly productId: number;
  readonly name: string;
  readonly quantity: number;
  readonly priceCents: number;
}

/** 200 of `GET orders?limit&after`, newest first. */
export interface OrderPage {
  readonly items: readonly OrderSummary[];
  readonly next: string | null;
}

/** Every error, as application/problem+json (RFC 9457). */
export interface Problem {
  /** `urn:shop:problem:<code>`. */
  readonly type: string;
  readonly code: string;
  readonly title: string;
  readonly status: number;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
  readonly productIds?: readonly number[];
}
