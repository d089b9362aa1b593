import { z } from "zod";
import { centsSchema, idParams, idSchema, pageSizeSchema, timeSchema } from "./common.ts";
import { queryNumber } from "./query-number.ts";
import { operation } from "./operation.ts";
import { routes } from "./routes.ts";

/** States of an order; one that was cancelled stays so. */
export const orderStatuses = ["placed", "cancelled"] as const;
export type OrderStatus = (typeof orderStatuses)[number];

/** Time that an order can be cancelled in, before it is packed. */
export const cancellableMinutes = 60;

/** Days that an idempotency key is remembered for at least; the task that removes older ones keeps to it. */
export const idempotencyKeyDays = 7;

const orderRequestSchema = z
  .object({
    lines: z
      .array(z.object({ productId: idSchema, quantity: z.int().min(1).max(100) }))
      .min(1)
      .max(50),
    expectedTotalCents: centsSchema.optional().meta({
      description: "What the customer was shown. Nothing is ordered when the order would cost another sum now.",
    }),
  })
  .meta({ id: "OrderRequest", examples: [{ lines: [{ productId: 1, quantity: 2 }] }] });
export type OrderRequest = z.input<typeof orderRequestSchema>;

const orderLineSchema = z
  .object({ productId: idSchema, name: z.string(), quantity: z.int().min(1), priceCents: centsSchema })
  .meta({ id: "OrderLine" });
export type OrderLine = z.output<typeof orderLineSchema>;

const orderSummarySchema = z
  .object({
    id: idSchema,
    createdAt: timeSchema,
    totalCents: centsSchema,
    status: z.enum(orderStatuses),
    cancellableUntil: timeSchema.nullable().meta({ description: "Null when the order was cancelled." }),
  })
  .meta({ id: "OrderSummary" });
export type OrderSummary = z.output<typeof orderSummarySchema>;

const orderSchema = orderSummarySchema.extend({ lines: z.array(orderLineSchema) }).meta({ id: "Order" });
export type Order = z.output<typeof orderSchema>;

const orderPageSchema = z
  .object({ items: z.array(orderSummarySchema), next: z.string().nullable() })
  .meta({ id: "OrderPage" });
export type OrderPage = z.output<typeof orderPageSchema>;

export const placeOrder = operation({
  id: "placeOrder",
  method: "post",
  path: routes.orders,
  summary: "Place an order",
  tag: "orders",
  auth: "account",
  headers: z.object({
    "idempotency-key": z
      .string()
      .regex(/^[\x21-\x7e]{1,255}$/, "must be 1 to 255 printable characters")
      .optional()
      .meta({
        description: `Makes it safe to repeat: for ${idempotencyKeyDays} days the first answer is given again.`,
      }),
  }),
  body: orderRequestSchema,
  answers: { 201: { description: "The order", body: orderSchema, headers: { "Idempotency-Replayed": "true" } } },
  problems: ["unknown-product", "out-of-stock", "total-changed", "idempotency-key-reused", "verify-first"],
});

export const listOrders = operation({
  id: "listOrders",
  method: "get",
  path: routes.orders,
  summary: "One's own orders, newest first",
  tag: "orders",
  auth: "account",
  query: z.object({
    limit: pageSizeSchema,
    after: queryNumber(z.number().int().min(1).max(Number.MAX_SAFE_INTEGER)).optional(),
  }),
  answers: { 200: { description: "Orders", body: orderPageSchema } },
  problems: [],
});

export const readOrder = operation({
  id: "readOrder",
  method: "get",
  path: routes.order,
  summary: "One of one's own orders",
  tag: "orders",
  auth: "account",
  params: idParams,
  answers: { 200: { description: "The order", body: orderSchema } },
  problems: ["not-found"],
});

export const cancelOrder = operation({
  id: "cancelOrder",
  method: "post",
  path: routes.cancelOrder,
  summary: "Cancel one of one's own orders; safe to repeat",
  tag: "orders",
  auth: "account",
  params: idParams,
  answers: { 200: { description: "The cancelled order", body: orderSchema } },
  problems: ["not-found", "not-cancellable"],
});
