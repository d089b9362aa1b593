import { z } from "zod";

/** What `deliver.js` prints: how many mails of the outbox it sent, and how many it gave up. */
export const deliverySchema = z.object({
  schema: z.literal("shop.delivery/1"),
  sent: z.int(),
  failed: z.int(),
});
export type Delivery = z.output<typeof deliverySchema>;
