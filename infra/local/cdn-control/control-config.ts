import { z } from "zod";

/** Environment of the CDN's control process; written by the provider, validated by the process. */
export const controlEnvironment = z.object({
  /** Takes purges and tells figures. */
  CDN_CONTROL_PORT: z.coerce.number().int(),
  /** UDP: takes a line for every request that the cache answered. */
  CDN_LOG_PORT: z.coerce.number().int(),
  /** Folder of the cache's zones. */
  CDN_CACHE: z.string(),
  /** Whoever purges must show it. */
  CDN_PURGE_KEY: z.string().min(16),
});
export type ControlEnvironment = z.infer<typeof controlEnvironment>;
