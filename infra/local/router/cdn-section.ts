import { routes } from "../../../service/contract/routes.ts";
import { cdnHealthPath } from "../cdn/nginx-config.ts";

/** Ports that the router shares with the CDN; the same whether there is one now or not. */
export interface RouterCdn {
  /** The cache's. */
  readonly port: number;
  /** The router's own, where the cache asks for what it lacks. */
  readonly originPort: number;
}

/** HAProxy's backend for what the CDN may keep, and the cache's server in it. */
export const cdnBackend = "cdn";
export const cdnServer = "nginx";

/**
 * In the shoppers' frontend: what goes by way of the CDN, while it is up. Only exact paths, so that nothing is kept under
 * another spelling; nobody who is signed in.
 */
export function cdnRules(): string {
  return `  acl cdn_path path ${routes.products} ${routes.search} ${routes.categories}
  acl cdn_path path_reg ^${routes.products}[0-9]+/$
  acl cdn_path path_reg ^/assets/[A-Za-z0-9._-]+$
  # METH_GET is GET and HEAD.
  use_backend ${cdnBackend} if METH_GET cdn_path !{ req.hdr(Authorization) -m found } { srv_is_up(${cdnBackend}/${cdnServer}) }
`;
}

/**
 * The cache's backend and the way from there to the shop. A cache that dies is out at its first refused connection; what
 * was on its way to it goes to the shop instead, by the same way as the cache's own questions.
 */
export function cdnSection({ port, originPort }: RouterCdn, state: "in use" | "out of use", toTheShop: string): string {
  const takes = (coding: string): string =>
    `{ req.hdr(Accept-Encoding) -m reg -i '^${coding}[ ]*(;[ ]*q=(1|0[.][0-9]*[1-9]).*)?$' }`;
  return `
frontend origin
  bind 127.0.0.1:${originPort}
${toTheShop}
backend ${cdnBackend}
  timeout connect 200ms
  option httpchk GET ${cdnHealthPath}
  http-check expect status 204
  # One of three values, so that each answer is kept in three forms and not in one for every browser.
  http-request set-header Accept-Encoding br if ${takes("br")}
  http-request set-header Accept-Encoding gzip if !${takes("br")} ${takes("gzip")}
  http-request del-header Accept-Encoding if !${takes("br")} !${takes("gzip")}
  http-request del-header Cookie
  server ${cdnServer} 127.0.0.1:${port} check inter 500ms fall 2 rise 1 observe layer4 error-limit 1 on-error mark-down${state === "in use" ? "" : " disabled"}
  server direct 127.0.0.1:${originPort} backup
`;
}
