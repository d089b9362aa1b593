import { z } from "zod";
import { centsSchema, idParams, idSchema, maxPriceCents, pageSizeSchema, textSchema } from "./common.ts";
import { queryNumber } from "./query-number.ts";
import { operation } from "./operation.ts";
import { routes } from "./routes.ts";

/** Orders of the product list; the first is the default. */
export const productSorts = ["name", "price", "-price", "newest"] as const;
export type ProductSort = (typeof productSorts)[number];

/** Name of a category in addresses. */
export const categorySlugSchema = z.string().regex(/^[a-z0-9-]{1,40}$/);

const productSummarySchema = z
  .object({ id: idSchema, name: z.string(), category: z.string(), priceCents: centsSchema })
  .meta({ id: "ProductSummary" });
export type ProductSummary = z.output<typeof productSummarySchema>;

const categoriesSchema = z
  .object({ items: z.array(z.object({ slug: z.string(), name: z.string() })) })
  .meta({ id: "Categories" });
export type Categories = z.output<typeof categoriesSchema>;

/** A bound of the list's price range. */
const priceBoundSchema = queryNumber(z.number().int().min(0).max(maxPriceCents)).optional();

const productPageSchema = z
  .object({
    items: z.array(productSummarySchema),
    next: z.string().nullable().meta({ description: "Goes into `after`; null at the end." }),
  })
  .meta({ id: "ProductPage" });
export type ProductPage = z.output<typeof productPageSchema>;

export const productDetailSchema = productSummarySchema
  .extend({ description: z.string(), stock: z.int().min(0) })
  .meta({ id: "ProductDetail" });
export type ProductDetail = z.output<typeof productDetailSchema>;

export const listCategories = operation({
  id: "listCategories",
  method: "get",
  path: routes.categories,
  summary: "All categories by name",
  tag: "catalogue",
  auth: "none",
  cached: true,
  answers: { 200: { description: "Categories", body: categoriesSchema } },
  problems: [],
});

export const listProducts = operation({
  id: "listProducts",
  method: "get",
  path: routes.products,
  summary: "A page of the catalogue",
  tag: "catalogue",
  auth: "none",
  cached: true,
  query: z.object({
    category: categorySlugSchema.optional(),
    minCents: priceBoundSchema.meta({ description: "The lowest price, in cents." }),
    maxCents: priceBoundSchema.meta({ description: "The highest price, in cents." }),
    sort: z.enum(productSorts).default("name"),
    limit: pageSizeSchema,
    after: textSchema(0, 400).optional().meta({ description: "`next` of the page before, in the same order." }),
  }),
  answers: { 200: { description: "Products, without stock", body: productPageSchema } },
  problems: ["unknown-page"],
});

export const searchProducts = operation({
  id: "searchProducts",
  method: "get",
  path: routes.search,
  summary: "Products by words of their names, best first; by similar names when none has every word",
  tag: "catalogue",
  auth: "none",
  cached: true,
  query: z.object({
    q: textSchema(1, 80).meta({ description: "Words; what is neither letter nor number only parts them." }),
    limit: pageSizeSchema,
  }),
  answers: { 200: { description: "Products", body: productPageSchema } },
  problems: [],
});

export const readProduct = operation({
  id: "readProduct",
  method: "get",
  path: routes.product,
  summary: "One product with its stock",
  tag: "catalogue",
  auth: "none",
  cached: true,
  params: idParams,
  answers: { 200: { description: "The product", body: productDetailSchema } },
  problems: ["not-found"],
});
