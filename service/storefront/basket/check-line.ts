import { ask } from "../shop-api/ask.ts";
import { readProduct } from "../shop-api/endpoints.ts";
import { formatCents } from "../view/format.ts";
import { basket, type BasketLine } from "./basket.ts";

/** What stands in the way of ordering a line, or what has changed since it was put into the basket. */
export interface LineRemark {
  readonly stops: boolean;
  readonly text: string;
}

/** As `checkLine` for everything in the basket; remarks by product. */
export async function checkBasket(): Promise<Map<number, LineRemark>> {
  const remarks = new Map<number, LineRemark>();
  await Promise.all(
    basket.lines().map(async (line) => {
      const remark = await checkLine(line);
      if (remark !== undefined) remarks.set(line.id, remark);
    }),
  );
  return remarks;
}

/** Compares a line with what the shop says now, and takes a new price over. Undefined: nothing to say, or no answer. */
export async function checkLine(line: BasketLine): Promise<LineRemark | undefined> {
  const reply = await ask(readProduct, { params: { id: String(line.id) } }, "no-cache");
  if (!reply.ok) return reply.trouble.code === "not-found" ? { stops: true, text: "No longer sold." } : undefined;
  const { stock, priceCents } = reply.body;
  basket.refresh(reply.body);
  if (stock === 0) return { stops: true, text: "Out of stock." };
  if (stock < line.quantity) return { stops: true, text: `Only ${stock} left.` };
  if (priceCents === line.priceCents) return undefined;
  return { stops: false, text: `The price was ${formatCents(line.priceCents)} when you chose it.` };
}
