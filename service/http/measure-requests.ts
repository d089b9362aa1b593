import type { ServerResponse } from "node:http";
import type { ShopMetrics } from "../metrics/shop-metrics.ts";
import type { Step } from "./step.ts";
import { requestPath } from "./request-path.ts";
import { routeOf } from "./route-of.ts";

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Counts every answered request and its time. */
export function measureRequests(metrics: ShopMetrics): Step {
  return (request, response, next) => {
    const startedAt = performance.now();
    const path = requestPath(request);
    response.once("finish", () => countAnswer(metrics, routeOf(path), response, startedAt));
    return next();
  };
}

/** Whether a CDN may keep an answer, and the size of its body. */
export interface SentAnswer {
  cacheable: "yes" | "no";
  bytes: number;
}

/** Counts an answer that ended. */
export function countAnswer(
  { httpRequests, httpDuration, answers, answerBytes }: ShopMetrics,
  route: string,
  response: ServerResponse,
  startedAt: number,
  { cacheable, bytes }: SentAnswer = sentAnswer(response),
): void {
  const {
    req: { method = "" },
    statusCode,
  } = response;
  answers.inc({ cacheable });
  answerBytes.inc({ cacheable }, bytes);
  httpRequests.inc({ method: methods.has(method) ? method : "other", route, status: String(statusCode) });
  httpDuration.observe({ route }, (performance.now() - startedAt) / 1_000);
}

function sentAnswer(response: ServerResponse): SentAnswer {
  const isPublic = String(response.getHeader("cache-control") ?? "").startsWith("public");
  return { cacheable: isPublic ? "yes" : "no", bytes: Number(response.getHeader("content-length") ?? 0) };
}
