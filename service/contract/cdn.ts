import { z } from "zod";
import { routes } from "./routes.ts";

/** Header in which CloudFront says its key to the shop's load balancer, in the form that Node gives names of headers. */
export const originKeyHeader = "x-origin-key";

/** Where a CDN takes `purgeRequestSchema`, with its key as bearer. */
export const cdnPurgePath = "/purge";

/** Paths to forget, as CloudFront's invalidations name them: a star at the end stands for every path that begins so. */
export const purgeRequestSchema = z.strictObject({
  paths: z
    .array(z.string().regex(/^\/[\w./-]{0,199}\*?$/))
    .min(1)
    .max(100),
});

/** Everything that comes from the catalogue: lists, searches and products. */
export const cataloguePaths = [`${routes.products}*`, routes.categories] as const;
/** Everything that the shop's database is behind. */
export const allAnswerPaths = ["/shop/api/*"] as const;

/** The answer that shows one product. */
export function productPath(id: number): string {
  return routes.product.replace(":id", String(id));
}
