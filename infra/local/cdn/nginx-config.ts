import { join } from "node:path";
import { quotedPath } from "../host/quoted-path.ts";
import { type CdnZone, cdnZones } from "./zones.ts";

export interface NginxConfig {
  /** Port of the cache on 127.0.0.1, which the router sends requests to. */
  readonly port: number;
  /** Port of the router for what is not cached. */
  readonly originPort: number;
  /** UDP port that takes a line for every request. */
  readonly logPort: number;
  readonly run: string;
  /** Folder of the zones. */
  readonly cache: string;
}

/** Path that says that nginx itself is there. */
export const cdnHealthPath = "/cdn-health";

/** Longer than any of the shop's answers takes. */
const originTimeoutSeconds = 10;

/**
 * nginx.conf. How long an answer may be given is the shop's to say (Cache-Control); nothing without it is kept, nor what
 * sets a cookie. While the shop fails (5xx, no answer) what is held is given instead.
 */
export function nginxConfig({ port, originPort, logPort, run, cache }: NginxConfig): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `  ${kind}_temp_path ${quotedPath(join(run, `${kind}-temp`))};\n`)
    .join("");
  return `daemon off;
worker_processes 1;
pid ${quotedPath(join(run, "nginx.pid"))};
# Lower levels name whole requests with what people searched for; the request's own line has its status.
error_log stderr crit;
# A request that is not held takes two connections; the limit of most hosts, 1,024 open files, is for 500 of them.
worker_rlimit_nofile 8192;
events { worker_connections 4096; }
http {
  default_type application/octet-stream;
  server_tokens off;
  sendfile on;
  tcp_nodelay on;
  keepalive_timeout 75s;
  keepalive_requests 100000;
  large_client_header_buffers 4 16k;
${temporary}
  # No address, no query, no header of the client: only what is counted.
  log_format counted escape=json '{"zone":"$zone","cache":"$upstream_cache_status","status":$status,"bytes":$body_bytes_sent,"seconds":$request_time,"method":"$request_method","path":"$uri","requestId":"$http_x_request_id"}';
  # A shopper's own limits are in an answer that came from the shop just now, and in no other.
  map $upstream_cache_status $limit { default $upstream_http_ratelimit; ~^(HIT|STALE|UPDATING|REVALIDATED)$ ""; }
  map $upstream_cache_status $limit_policy { default $upstream_http_ratelimit_policy; ~^(HIT|STALE|UPDATING|REVALIDATED)$ ""; }
${cdnZones.map((zone) => cachePath(cache, zone)).join("")}
  upstream origin {
    server 127.0.0.1:${originPort} max_fails=0;
    keepalive 32;
    keepalive_timeout 20s;
  }
  server {
    listen 127.0.0.1:${port} backlog=1024;
    set $zone none;
    access_log syslog:server=127.0.0.1:${logPort},nohostname,tag=cdn counted;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    # No answer depends on it, and HTTP/1.0 has none.
    proxy_set_header Host shop;
    proxy_connect_timeout 1s;
    proxy_read_timeout ${originTimeoutSeconds}s;
    proxy_next_upstream off;
    proxy_hide_header X-Request-Id;
    proxy_hide_header RateLimit;
    proxy_hide_header RateLimit-Policy;
    add_header X-Request-Id $http_x_request_id always;
    add_header X-Cache $upstream_cache_status always;
    add_header RateLimit $limit always;
    add_header RateLimit-Policy $limit_policy always;
    # One of many that ask for the same at once asks the shop, the others wait for it.
    proxy_cache_lock on;
    proxy_cache_lock_timeout ${originTimeoutSeconds}s;
    proxy_cache_lock_age ${originTimeoutSeconds}s;
    proxy_cache_revalidate on;
    proxy_cache_background_update on;
    proxy_cache_use_stale error timeout invalid_header http_500 http_502 http_503 http_504;
    # The router sends none of these here; this holds should that ever change.
    proxy_cache_bypass $http_authorization $http_cookie;
    proxy_no_cache $http_authorization $http_cookie;
    location = ${cdnHealthPath} {
      access_log off;
      return 204;
    }
${cdnZones.map(location).join("")}  }
}
`;
}

function cachePath(cache: string, { name, maxSizeMiB, inactive }: CdnZone): string {
  return `  proxy_cache_path ${quotedPath(join(cache, name))} levels=1:2 keys_zone=${name}:4m max_size=${maxSizeMiB}m inactive=${inactive} use_temp_path=off;\n`;
}

function location({ name, location, key }: CdnZone): string {
  return `    location ${location} {
      set $zone ${name};
      proxy_cache ${name};
      proxy_cache_key "${key}|$http_accept_encoding";
      proxy_pass http://origin;
    }
`;
}
