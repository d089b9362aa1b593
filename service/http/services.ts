import type { Logger } from "pino";
import type { Background } from "../background.ts";
import type { Passwords } from "../accounts/passwords.ts";
import type { Cdn } from "../cdn/cdn.ts";
import type { CacheAside } from "../cache/cache-aside.ts";
import type { FaultReporter } from "../faults/fault-reporter.ts";
import type { Limiter } from "../limits/limiter.ts";
import type { LimitRule } from "../limits/rules.ts";
import type { SharedAddresses } from "../limits/shared-addresses.ts";
import type { TokenLookups } from "../limits/token-lookups.ts";
import type { PostOffice } from "../mail/post-office.ts";
import type { ShopMetrics } from "../metrics/shop-metrics.ts";
import type { StorefrontFiles } from "../pages/storefront-files.ts";
import type { Database } from "../store/database.ts";
import type { Proxies } from "./client-of.ts";

/** What the routes work with; made once at start. */
export interface Services {
  readonly database: Database;
  readonly cache: CacheAside;
  readonly cdn: Cdn;
  readonly passwords: Passwords;
  readonly postOffice: PostOffice;
  readonly limiter: Limiter;
  readonly rules: readonly LimitRule[];
  readonly sharedAddresses: SharedAddresses;
  readonly tokenLookups: TokenLookups;
  readonly background: Background;
  readonly metrics: ShopMetrics;
  readonly logger: Logger;
  readonly faults: FaultReporter;
  /** Undefined where the storefront was not built: the API stands alone then. */
  readonly storefront: StorefrontFiles | undefined;
  readonly proxies: Proxies;
}
