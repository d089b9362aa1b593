import { parseArgs } from "node:util";
import pg from "pg";
import { z } from "zod";
import { seedShop, type SeedSize } from "./seed/seed-shop.ts";

const size = z.object({
  users: z.coerce.number().int().min(0).max(1_000_000),
  products: z.coerce.number().int().min(1).max(51_200),
});

/** Reads `--users N --products N`; undefined when they are not as they should be. */
function readSize(): SeedSize | undefined {
  try {
    const { values } = parseArgs({ options: { users: { type: "string" }, products: { type: "string" } } });
    return size.safeParse(values).data;
  } catch {
    return undefined;
  }
}

/** Fills the shop at SHOP_SEED_URL: `node seed.js --users 8500 --products 2000`. Exits 2 on wrong use, 1 on failure. */
async function seed(): Promise<number> {
  const wanted = readSize();
  const url = process.env["SHOP_SEED_URL"] ?? "";
  if (wanted === undefined || url === "") {
    console.error("usage: SHOP_SEED_URL=postgres://… node seed.js --users <0..1000000> --products <1..51200>");
    return 2;
  }
  const client = new pg.Client({ connectionString: url });
  client.on("error", (error) => console.error(`lost the connection to the database: ${error.message}`));
  const startedAt = performance.now();
  try {
    await client.connect();
    const added = await seedShop(client, wanted);
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    console.error(`added ${added.users} users and ${added.products} products in ${seconds} s`);
    return 0;
  } catch (error) {
    console.error(`seeding failed, nothing was changed: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await client.end();
  }
}

process.exitCode = await seed();
