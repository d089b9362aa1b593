import type { Services } from "./services.ts";

/** What is held of the products of an order: each was sold, came back, or is not as it was shown. Never rejects. */
export async function forgetProducts(
  { cache }: Services,
  lines: readonly { readonly productId: number }[],
): Promise<void> {
  await cache.forget(
    "product",
    lines.map(({ productId }) => String(productId)),
  );
}
