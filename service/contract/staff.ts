import { z } from "zod";
import { categorySlugSchema, productDetailSchema } from "./catalogue.ts";
import { centsSchema, idParams, idSchema, maxPriceCents, pageSizeSchema, textSchema, timeSchema } from "./common.ts";
import { queryNumber } from "./query-number.ts";
import { operation } from "./operation.ts";
import { routes } from "./routes.ts";

/** More pieces of a product than any shop has, and room below Postgres' integer for those that orders give back. */
export const maxStock = 1_000_000_000;

/** What `trim` takes off, one by one: not every language's \s is JavaScript's. */
const blank = "\\t-\\r \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff";

/** Text that says something and that Postgres takes: without the character 0. */
const writtenSchema = (most: number) =>
  textSchema(1, most)
    .trim()
    .min(1)
    .refine((text) => !text.includes("\0"), "must not have the character 0")
    .meta({ minLength: 1, maxLength: most, pattern: `^[^\\u0000]*[^\\u0000${blank}][^\\u0000]*$` });

const stockSchema = z.int().min(0).max(maxStock);

const newProductSchema = z
  .object({
    name: writtenSchema(120),
    category: categorySlugSchema,
    description: writtenSchema(4_000),
    priceCents: centsSchema.max(maxPriceCents),
    stock: stockSchema.default(0),
  })
  .meta({ id: "NewProduct" });
export type NewProduct = z.output<typeof newProductSchema>;

const productChangesSchema = newProductSchema
  .omit({ stock: true })
  .extend({ retired: z.boolean().meta({ description: "A retired product is neither shown nor sold." }) })
  .partial()
  .meta({ id: "ProductChanges" });
export type ProductChanges = z.output<typeof productChangesSchema>;

const reasonSchema = writtenSchema(200).meta({ description: "Kept with the change, e.g. delivery or stocktaking." });

const stockRequestSchema = z
  .union([
    z.strictObject({ change: z.int().min(-maxStock).max(maxStock), reason: reasonSchema }),
    z.strictObject({ stock: stockSchema, reason: reasonSchema }),
  ])
  .meta({
    id: "StockRequest",
    description: "Either pieces to add (or, negative, to take away), or the stock there is.",
  });
export type StockRequest = z.output<typeof stockRequestSchema>;

const staffProductSchema = productDetailSchema
  .extend({ retiredAt: timeSchema.nullable(), createdAt: timeSchema })
  .meta({ id: "StaffProduct" });
export type StaffProduct = z.output<typeof staffProductSchema>;

const stockChangeSchema = z
  .object({
    id: idSchema,
    productId: idSchema,
    change: z.int(),
    stock: z.int().min(0).meta({ description: "After the change." }),
    reason: z.string(),
    accountId: idSchema.nullable().meta({ description: "Who made it; null once that account is gone." }),
    createdAt: timeSchema,
  })
  .meta({ id: "StockChange" });
export type StockChange = z.output<typeof stockChangeSchema>;

const stockChangePageSchema = z
  .object({ items: z.array(stockChangeSchema), next: z.string().nullable() })
  .meta({ id: "StockChangePage" });
export type StockChangePage = z.output<typeof stockChangePageSchema>;

export const createProduct = operation({
  id: "createProduct",
  method: "post",
  path: routes.staffProducts,
  summary: "Add a product",
  tag: "staff",
  auth: "staff",
  body: newProductSchema,
  answers: { 201: { description: "The product", body: staffProductSchema } },
  problems: ["unknown-category"],
});

export const readStaffProduct = operation({
  id: "readStaffProduct",
  method: "get",
  path: routes.staffProduct,
  summary: "A product, also a retired one, as it is now",
  tag: "staff",
  auth: "staff",
  params: idParams,
  answers: { 200: { description: "The product", body: staffProductSchema } },
  problems: [],
});

export const changeProduct = operation({
  id: "changeProduct",
  method: "patch",
  path: routes.staffProduct,
  summary: "Change or retire a product; what is left out stays",
  tag: "staff",
  auth: "staff",
  params: idParams,
  body: productChangesSchema,
  answers: { 200: { description: "The product", body: staffProductSchema } },
  problems: ["unknown-category"],
});

export const changeStock = operation({
  id: "changeStock",
  method: "post",
  path: routes.staffStock,
  summary: "Set or adjust a product's stock",
  tag: "staff",
  auth: "staff",
  params: idParams,
  body: stockRequestSchema,
  answers: { 200: { description: "The change as it was written down", body: stockChangeSchema } },
  problems: ["out-of-stock", "too-much-stock"],
});

export const listStockChanges = operation({
  id: "listStockChanges",
  method: "get",
  path: routes.staffStock,
  summary: "Changes of a product's stock by hand, newest first",
  tag: "staff",
  auth: "staff",
  params: idParams,
  query: z.object({
    limit: pageSizeSchema,
    after: queryNumber(z.number().int().min(1).max(Number.MAX_SAFE_INTEGER)).optional(),
  }),
  answers: { 200: { description: "Changes", body: stockChangePageSchema } },
  problems: [],
});
