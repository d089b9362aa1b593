/** A full cache forgets what was not asked for longest. */
export const evictionPolicy = "allkeys-lru";

/** redis.conf of the cache. The password stands here and not in the arguments; the file has mode 600. */
export function cacheConfig(config: {
  readonly port: number;
  readonly data: string;
  readonly maxMemoryMiB: number;
  readonly password: string;
}): string {
  return `bind 127.0.0.1
port ${config.port}
protected-mode yes
requirepass ${config.password}
dir ${config.data}
maxmemory ${config.maxMemoryMiB}mb
maxmemory-policy ${evictionPolicy}
# Limit counters and sessions should survive a restart; the last minute of them may be lost.
save 60 1
appendonly no
daemonize no
logfile ""
tcp-keepalive 60
set-proc-title no
`;
}
