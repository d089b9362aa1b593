import { createHash } from "node:crypto";
import { internalRoutes } from "../../../service/contract/routes.ts";
import { cdnRules, cdnSection, type RouterCdn } from "./cdn-section.ts";

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
  /** Undefined in the state of routers from before there was a CDN. */
  readonly cdn?: (RouterCdn & { readonly inUse: boolean }) | undefined;
}

/** Name of HAProxy's backend of instances. */
export const backendName = "shop";

/**
 * Connections of shoppers at one time; each takes about 35 KB of HAProxy. The shop is designed for 1,000 concurrent requests.
 * As many again are let in for the CDN's questions.
 */
const maxConnections = 4_000;

/** haproxy.cfg. Servers change at run time, the rest by a reload: its hash is the description that `show info` gives. */
export function routerConfig(config: RouterConfig): string {
  const servers = config.backends.map((backend) => `  server ${backend.name} ${serverArguments(backend)}\n`);
  return `global\n  description ${fixedPartHash(config)}\n${fixedPart(config, config.cdn?.inUse)}${servers.join("")}`;
}

/** Hash of all but the servers, and of whether the CDN's is in use. */
export function fixedPartHash(config: RouterConfig): string {
  return createHash("sha256").update(fixedPart(config, true)).digest("hex").slice(0, 16);
}

/** What stands behind the name of a server, in the file and in `add server`. */
export function serverArguments(backend: RouterBackend): string {
  return `127.0.0.1:${backend.httpPort} check port ${backend.internalPort} inter 500ms fall 2 rise 1`;
}

function fixedPart(config: RouterConfig, cdnInUse = false): string {
  const { cdn } = config;
  return `  stats socket ${config.socket} mode 600 level admin expose-fd listeners
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

frontend shoppers
  bind 127.0.0.1:${config.port}
  maxconn ${maxConnections}
  # Limits go by the shopper's address: only the router may say what it is.
  http-request del-header Forwarded
  http-request del-header X-Real-IP
  http-request set-header X-Forwarded-For %[src]
  http-request set-header X-Forwarded-Proto http
  http-request set-header X-Request-Id %[uuid()]
  # The service has these on its internal port only; this holds should that ever change.
  http-request deny deny_status 404 if { path ${Object.values(internalRoutes).join(" ")} }
${cdn === undefined ? "" : cdnRules()}  default_backend ${backendName}

frontend metrics
  bind 127.0.0.1:${config.metricsPort}
  http-request use-service prometheus-exporter if { path ${internalRoutes.metrics} }
  http-request deny deny_status 404
${cdn === undefined ? "" : cdnSection(cdn, cdnInUse ? "in use" : "out of use", backendName)}
backend ${backendName}
  balance leastconn
  option httpchk GET ${internalRoutes.ready}
  http-check expect status 200
  # Only what may safely be done twice is tried again once a server has seen it.
  http-request disable-l7-retry unless METH_GET or METH_HEAD
`;
}
