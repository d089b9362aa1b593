import type { Request, RequestHandler, Response } from "express";
import helmet from "helmet";
import { figures } from "../contract/figures.ts";
import { chooseEncoding } from "./choose-encoding.ts";
import { pageOf } from "./page-of.ts";
import { nameWithoutHash, type StorefrontFile, type StorefrontFiles } from "./storefront-files.ts";

/**
 * Pages load their own program, style and pictures, talk to their own shop, and nothing else: no inline script or style,
 * no markup made from text (Trusted Types), no frame around them.
 */
const pageHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      "default-src": ["'none'"],
      "script-src": ["'self'"],
      "style-src": ["'self'"],
      "img-src": ["'self'"],
      "connect-src": ["'self'"],
      "form-action": ["'self'"],
      "base-uri": ["'none'"],
      "frame-ancestors": ["'none'"],
      "require-trusted-types-for": ["'script'"],
      "trusted-types": ["'none'"],
    },
  },
});

const assetCaching = `public, max-age=${figures.cache.ttlSeconds.static}, immutable`;
/** May be kept, but is asked for again each time: it names the files of the release that runs now. */
const documentCaching = "no-cache";

/** Answers the storefront's files and pages; all else goes on to the API. */
export function serveStorefront(files: StorefrontFiles): RequestHandler {
  return (request, response, next) => {
    if (request.method !== "GET" && request.method !== "HEAD") return next();
    const { path } = request;
    if (pageOf(path) !== undefined) return pageHeaders(request, response, () => sendDocument(files, request, response));
    if (!path.startsWith("/assets/")) return next();
    const asset = files.assets.get(path);
    if (asset !== undefined) {
      return pageHeaders(request, response, () => send(asset, assetCaching, request, response));
    }
    // A document of the release before or after this one, got from another instance while releases change: its files
    // are this release's under another hash.
    const current = files.current.get(nameWithoutHash(path));
    if (current === undefined) return next();
    response.set("Cache-Control", "no-store").redirect(302, current);
  };
}

/** Answers a browser that followed an old link with the document, which says so; the API's paths are left alone. */
export function serveMissingPage(files: StorefrontFiles): RequestHandler {
  return (request, response, next) => {
    const wantsDocument = request.method === "GET" && (request.get("accept") ?? "").includes("text/html");
    if (!wantsDocument || /^\/(accounts|shop\/api|assets)\//.test(request.path)) return next();
    pageHeaders(request, response, () => sendDocument(files, request, response.status(404)));
  };
}

function sendDocument({ document }: StorefrontFiles, request: Request, response: Response): void {
  send(document, documentCaching, request, response);
}

function send(file: StorefrontFile, caching: string, request: Request, response: Response): void {
  const encoding = chooseEncoding(request.get("accept-encoding"));
  const { body, etag } = file.forms[encoding];
  response.set({ "Content-Type": file.contentType, "Cache-Control": caching, ETag: etag, Vary: "Accept-Encoding" });
  // Not `request.fresh`: it sends all again to clients that ask with no-cache, which only wants to be sure.
  if ((request.get("if-none-match") ?? "").includes(etag)) return void response.status(304).end();
  if (encoding !== "identity") response.set("Content-Encoding", encoding);
  response.set("Content-Length", String(body.length));
  response.end(request.method === "HEAD" ? undefined : body);
}
