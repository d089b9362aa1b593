import { createHash } from "node:crypto";
import { maxBodyBytes } from "../../../service/contract/problems.ts";
import { internalRoutes } from "../../../service/contract/routes.ts";
import { quotedPath } from "../host/quoted-path.ts";
import { cdnRules, cdnSection, type RouterCdn } from "./cdn-section.ts";
import { routerProblems } from "./router-problems.ts";

/** A service instance as the router reaches it, on 127.0.0.1. */
export interface RouterBackend {
  readonly name: string;
  readonly httpPort: number;
  readonly internalPort: number;
}

export interface RouterConfig {
  readonly port: number;
  readonly metricsPort: number;
  readonly socket: string;
  readonly backends: readonly RouterBackend[];
  readonly canary?: CanaryBackend | undefined;
  /** Undefined in the state of routers from before there was a CDN. */
  readonly cdn?: (RouterCdn & { readonly inUse: boolean }) | undefined;
}

/** An instance of the next release, which a share of the requests goes to while it is healthy. */
export interface CanaryBackend {
  readonly server: RouterBackend;
  readonly sharePercent: number;
}

/** HAProxy's backends: of the release that runs, and of the one that is tried; the second has no server most of the time. */
export const backendName = "shop";
export const canaryBackendName = "canary";
export const backendNames = [backendName, canaryBackendName] as const;

/** HAProxy's variable with the canary's share in percent; changed at run time as servers are. */
export const canaryShareVariable = "proc.canary_share";

/**
 * Connections of shoppers at one time; each takes about 35 KB of HAProxy. The shop is designed for 1,000 concurrent requests.
 * As many again are let in for the CDN's questions.
 */
const maxConnections = 4_000;

/** haproxy.cfg. Servers change at run time, the rest by a reload: its hash is the description that `show info` gives. */
export function routerConfig(config: RouterConfig): string {
  const { backends, canary } = config;
  const line = (backend: RouterBackend): string => `  server ${backend.name} ${serverArguments(backend)}\n`;
  return `global
  description ${fixedPartHash(config)}
  set-var ${canaryShareVariable} int(${canary?.sharePercent ?? 0})
${fixedPart(config, config.cdn?.inUse)}
${backendPart(canaryBackendName)}${canary === undefined ? "" : line(canary.server)}
${backendPart(backendName)}${backends.map(line).join("")}`;
}

/** Hash of all but the servers, and of whether the CDN's is in use. */
export function fixedPartHash(config: RouterConfig): string {
  return createHash("sha256")
    .update(fixedPart(config, true) + backendPart(backendName))
    .digest("hex")
    .slice(0, 16);
}

/** What stands behind the name of a server, in the file and in `add server`. */
export function serverArguments(backend: RouterBackend): string {
  return `127.0.0.1:${backend.httpPort} check port ${backend.internalPort} inter 500ms fall 2 rise 1`;
}

/** Where requests go that are for the shop itself. A canary that is down or leaving gets nothing. */
const toTheShop = `  use_backend ${canaryBackendName} if { nbsrv(${canaryBackendName}) gt 0 } { rand(100),sub(${canaryShareVariable}) lt 0 }
  default_backend ${backendName}
`;

function fixedPart(config: RouterConfig, cdnInUse = false): string {
  const { cdn } = config;
  return `  stats socket ${quotedPath(config.socket)} mode 600 level admin expose-fd listeners
  maxconn ${2 * maxConnections + 100}
  hard-stop-after 60s
  log stdout format raw daemon notice

defaults
  mode http
  log global
  option httplog
  option dontlog-normal
  option idle-close-on-response
  option redispatch 1
  retries 3
  retry-on conn-failure empty-response response-timeout
  timeout connect 2s
  timeout queue 10s
  timeout client 30s
  timeout server 30s
  timeout http-request 10s
  timeout http-keep-alive 30s
${routerProblems()}
frontend shoppers
  bind 127.0.0.1:${config.port}
  maxconn ${maxConnections}
  # What a client does wrong is no failure of the shop, which a gate would take a step back for: a body is there before the
  # shop is asked, and in the time that a head has.
  option http-buffer-request
  http-request deny deny_status 405 if METH_CONNECT
  http-request deny deny_status 413 if { req.body_size gt ${maxBodyBytes} }
  # Limits go by the shopper's address: only the router may say what it is.
  http-request del-header Forwarded
  http-request del-header X-Real-IP
  http-request set-header X-Forwarded-For %[src]
  http-request set-header X-Forwarded-Proto http
  http-request set-header X-Request-Id %[uuid()]
  # The service has these on its internal port only; this holds should that ever change.
  http-request deny deny_status 404 if { path ${Object.values(internalRoutes).join(" ")} }
${cdn === undefined ? "" : cdnRules()}${toTheShop}
frontend metrics
  bind 127.0.0.1:${config.metricsPort}
  http-request use-service prometheus-exporter if { path ${internalRoutes.metrics} }
  http-request deny deny_status 404
${cdn === undefined ? "" : cdnSection(cdn, cdnInUse ? "in use" : "out of use", toTheShop)}`;
}

/** A backend without its servers. */
function backendPart(name: string): string {
  return `backend ${name}
  balance leastconn
  option httpchk GET ${internalRoutes.ready}
  http-check expect status 200
  # A dead server refuses at once. One that is only slow, on a machine that has too much to do, is better than none.
  timeout check 2s
  # Only what may safely be done twice is tried again once a server has seen it.
  http-request disable-l7-retry unless METH_GET or METH_HEAD
`;
}
