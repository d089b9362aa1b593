import { z } from "zod";
import { centsSchema, idParams, idSchema, pageSizeSchema } from "./common.ts";
import { operation } from "./operation.ts";
import { routes } from "./routes.ts";

/** Orders of the product list; the first is the default. */
export const productSorts = ["name", "price", "-price", "newest"] as const;
export type ProductSort = (typeof productSorts)[number];

const productSummarySchema = z
  .object({ id: idSchema, name: z.string(), category: z.string(), priceCents: centsSchema })
  .meta({ id: "ProductSummary" });
export type ProductSummary = z.output<typeof productSummarySchema>;

const productPageSchema = z
  .object({
    items: z.array(productSummarySchema),
    next: z.string().nullable().meta({ description: "Goes into `after`; null at the end." }),
  })
  .meta({ id: "ProductPage" });
export type ProductPage = z.output<typeof productPageSchema>;

const productDetailSchema = productSummarySchema
  .extend({ description: z.string(), stock: z.int().min(0) })
  .meta({ id: "ProductDetail" });
export type ProductDetail = z.output<typeof productDetailSchema>;

export const listProducts = operation({
  id: "listProducts",
  method: "get",
  path: routes.products,
  summary: "A page of the catalogue",
  tag: "catalogue",
  auth: "none",
  query: z.object({
    category: z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/)
      .optional(),
    sort: z.enum(productSorts).default("name"),
    limit: pageSizeSchema,
    after: z.string().max(400).optional().meta({ description: "`next` of the page before, in the same order." }),
  }),
  answers: { 200: { description: "Products, without stock", body: productPageSchema } },
  problems: ["unknown-page"],
});

export const searchProducts = operation({
  id: "searchProducts",
  method: "get",
  path: routes.search,
  summary: "Products by words of their names",
  tag: "catalogue",
  auth: "none",
  query: z.object({
    q: z
      .string()
      .max(80)
      .regex(/[\p{L}\p{N}]/u, "needs at least one word"),
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
  params: idParams,
  answers: { 200: { description: "The product", body: productDetailSchema } },
  problems: ["not-found"],
});
