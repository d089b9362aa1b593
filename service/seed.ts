import { parseArgs } from "node:util";
import pg from "pg";
import { z } from "zod";
import { seedShop, type SeedRequest } from "./seed/seed-shop.ts";

const request = z.object({
  users: z.coerce.number().int().min(0).max(1_000_000),
  products: z.coerce.number().int().min(1).max(51_200),
  seed: z.coerce.number().int().min(0).max(0xffff_ffff).default(1),
  until: z.iso
    .datetime()
    .transform((text) => new Date(text))
    .default(() => new Date()),
});
const usage =
  "usage: SHOP_SEED_URL=postgres://… node seed.js --users <0..1000000> --products <1..51200> [--seed <0..4294967295>] [--until <ISO time>]";

/** What the command line asks for; undefined when it is not as it should be. */
function readRequest(): SeedRequest | undefined {
  try {
    const { values } = parseArgs({
      options: {
        users: { type: "string" },
        products: { type: "string" },
        seed: { type: "string" },
        until: { type: "string" },
      },
    });
    return request.safeParse(values).data;
  } catch {
    return undefined;
  }
}

/** Fills the shop at SHOP_SEED_URL: `node seed.js --users 8500 --products 2000`. Exits 2 on wrong use, 1 on failure. */
async function seed(): Promise<number> {
  const wanted = readRequest();
  const url = process.env["SHOP_SEED_URL"] ?? "";
  if (wanted === undefined || url === "") {
    console.error(usage);
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
