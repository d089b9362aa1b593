import { join } from "node:path";
import type { LocalEnvironment } from "../../environment/environment.ts";
import { osUser } from "../host/os-users.ts";
import { runCommand } from "../host/run-command.ts";
import { componentPlaces } from "../layout.ts";
import { adminUrl } from "../postgres/admin-connection.ts";
import { findShopRelease } from "../release/shop-release.ts";
import { OperationError } from "../../operation-error.ts";

const seedTimeoutMs = 600_000;

/** Fills the shop with users and products by the release's own seeder; what is there already stays. */
export async function seedShop(
  environment: LocalEnvironment,
  size: { readonly users: number; readonly products: number },
): Promise<void> {
  const { paths, ports } = environment;
  const release = shopRelease(paths.releases);
  const database = { sockets: componentPlaces(paths).postgres.sockets, port: ports.postgres };
  await runCommand(
    join(release, "node"),
    [join(release, "seed.js"), "--users", String(size.users), "--products", String(size.products)],
    {
      user: osUser("postgres"),
      environment: { SHOP_SEED_URL: adminUrl(database, "shop") },
      timeoutMs: seedTimeoutMs,
    },
  );
}

function shopRelease(releases: string): string {
  const found = findShopRelease(releases);
  if (found === undefined)
    throw new OperationError(
      "not-running",
      `no release of the shop is installed in ${releases}; \`shopctl env create\` installs one`,
    );
  return found;
}
