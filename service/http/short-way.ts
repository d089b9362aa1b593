import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { CachedAnswer } from "../cache/cached-answer.ts";
import type { CacheName } from "../cache/cache-names.ts";
import type { LimitVerdict } from "../limits/verdict.ts";
import { ruleFor, type LimitRule } from "../limits/rules.ts";
import { cachedReply } from "./answer-cached.ts";
import { clientFinder, clientKeyOf } from "./client-of.ts";
import { limitHeaders, refuseRequest } from "./limit-requests.ts";
import { requestId } from "./log-requests.ts";
import { countAnswer, type SentAnswer } from "./measure-requests.ts";
import { answerFault } from "./problem.ts";
import { requestPath } from "./request-path.ts";
import { routeOf } from "./route-of.ts";
import { securityHeaderList } from "./security-headers.ts";
import type { Services } from "./services.ts";
import { setHeaders } from "./set-headers.ts";

const securityHead: readonly string[] = securityHeaderList.flat();

/** What all answers of one cache have in common: each cache is of one route, however its addresses are spelled. */
interface Lane {
  readonly route: string;
  readonly rule: LimitRule | undefined;
}

/**
 * In front of the router: a GET whose address got an answer before, that may be given again, gets it at once. What the
 * entrance does step by step is done here in one go, and so is the writing of the headers: `short-way.test.ts` holds
 * both ways against each other, header by header.
 */
export function withShortWay(services: Services, app: RequestListener): RequestListener {
  const { cache, logger } = services;
  const shortWay = new ShortWay(services);
  return (request, response) => {
    // Where successful reads are logged, the long way does it.
    const isShort = isPlainRead(request) && !logger.isLevelEnabled("debug");
    const held = isShort ? cache.heldAt(request.url ?? "") : undefined;
    if (held === undefined) app(request, response);
    else shortWay.answer(request, response, held);
  };
}

class ShortWay {
  readonly #services: Services;
  readonly #clientOf: (request: IncomingMessage) => string;
  readonly #lanes = new Map<CacheName, Lane>();

  constructor(services: Services) {
    this.#services = services;
    this.#clientOf = clientFinder(services.proxies);
  }

  answer(request: IncomingMessage, response: ServerResponse, held: CachedAnswer): void {
    const startedAt = performance.now();
    const { metrics, limiter } = this.#services;
    const { route, rule } = this.#laneOf(request, held);
    const sent: SentAnswer = { cacheable: "no", bytes: 0 };
    response.once("finish", () => countAnswer(metrics, route, response, startedAt, sent));
    request.id = requestId(request);
    try {
      request.clientAddress = this.#clientOf(request);
      if (rule === undefined) return send(response, held, sent, undefined);
      const counted = limiter.count(rule, clientKeyOf(request));
      if (!(counted instanceof Promise)) return this.#conclude(response, { held, sent }, rule, counted);
      counted
        .then((verdict) => this.#conclude(response, { held, sent }, rule, verdict))
        .catch((error: unknown) => this.#fail(response, error));
    } catch (error) {
      this.#fail(response, error);
    }
  }

  #laneOf(request: IncomingMessage, { name }: CachedAnswer): Lane {
    let lane = this.#lanes.get(name);
    if (lane === undefined) {
      const path = requestPath(request);
      lane = { route: routeOf(path), rule: ruleFor(this.#services.rules, path) };
      this.#lanes.set(name, lane);
    }
    return lane;
  }

  #conclude(
    response: ServerResponse,
    { held, sent }: { readonly held: CachedAnswer; readonly sent: SentAnswer },
    rule: LimitRule,
    verdict: LimitVerdict | undefined,
  ): void {
    this.#services.metrics.limitChecks.inc({ rule: rule.name });
    const limits = verdict && limitHeaders(rule, verdict);
    if (verdict?.allowed !== false) return send(response, held, sent, limits);
    response.setHeader("X-Request-Id", response.req.id);
    for (const [name, value] of securityHeaderList) response.setHeader(name, value);
    setHeaders(response, { ...limits });
    refuseRequest(this.#services, response, rule, verdict);
  }

  #fail(response: ServerResponse, error: unknown): void {
    this.#services.logger.error({ err: error, requestId: response.req.id }, "fault");
    if (!response.headersSent) answerFault(response);
  }
}

/** Accounts have limits of their own, and what odd clients take is for the router to decide. */
function isPlainRead({ method, headers: { accept, authorization } }: IncomingMessage): boolean {
  const takesJson = accept === undefined || accept === "*/*" || accept === "application/json";
  return (method === "GET" || method === "HEAD") && authorization === undefined && takesJson;
}

function send(
  response: ServerResponse,
  held: CachedAnswer,
  sent: SentAnswer,
  limits: ReturnType<typeof limitHeaders> | undefined,
): void {
  const { id, headers } = response.req;
  const { status, head, body } = cachedReply(held, headers);
  const limitHead =
    limits === undefined ? [] : ["RateLimit-Policy", limits["RateLimit-Policy"], "RateLimit", limits.RateLimit];
  response.writeHead(status, ["X-Request-Id", id, ...securityHead, ...limitHead, ...head]);
  response.end(body, "latin1");
  sent.cacheable = "yes";
  sent.bytes = body?.length ?? 0;
}
