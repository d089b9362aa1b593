import { quotedPath } from "../host/quoted-path.ts";

/** What a Redis is for: answers and counters that may be forgotten, or jobs that must not be. */
export type RedisUse = "cache" | "queue";

/** A full cache forgets what was not asked for longest; a full queue takes nothing more. */
export const evictionPolicies: Readonly<Record<RedisUse, string>> = { cache: "allkeys-lru", queue: "noeviction" };

const persistence: Readonly<Record<RedisUse, string>> = {
  cache: `# Limit counters and sessions should survive a restart; the last minute of them may be lost.
save 60 1
appendonly no`,
  queue: `# What it was told should survive a kill, its last second aside; the outbox has that.
save ""
appendonly yes
appendfsync everysec`,
};

/** redis.conf. The password stands here and not in the arguments; the file has mode 600. */
export function redisConfig(
  use: RedisUse,
  config: {
    readonly port: number;
    readonly data: string;
    readonly maxMemoryMiB: number;
    readonly password: string;
  },
): string {
  return `bind 127.0.0.1
port ${config.port}
protected-mode yes
requirepass ${config.password}
dir ${quotedPath(config.data)}
maxmemory ${config.maxMemoryMiB}mb
maxmemory-policy ${evictionPolicies[use]}
${persistence[use]}
daemonize no
logfile ""
tcp-keepalive 60
set-proc-title no
`;
}
