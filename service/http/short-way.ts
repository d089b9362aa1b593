import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { CachedAnswer } from "../cache/cached-answer.ts";
import type { CacheName } from "../cache/cache-names.ts";
import type { LimitVerdict } from "../limits/verdict.ts";
import type { Tally } from "../metrics/tallied-counter.ts";
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
  readonly limit: Limit | undefined;
  readonly answered: Tally;
}

interface Limit {
  readonly rule: LimitRule;
  readonly checked: Tally;
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
  readonly #answers: Tally;
  readonly #bytes: Tally;

  constructor(services: Services) {
    const { metrics } = services;
    this.#services = services;
    this.#answers = metrics.answers.tally({ cacheable: "yes" });
    this.#bytes = metrics.answerBytes.tally({ cacheable: "yes" });
    this.#clientOf = clientFinder(services.proxies);
  }

  answer(request: IncomingMessage, response: ServerResponse, held: CachedAnswer): void {
    const startedAt = performance.now();
    const { limiter } = this.#services;
    const lane = this.#laneOf(request, held);
    const { limit } = lane;
    const sent: SentAnswer = { cacheable: "no", bytes: 0 };
    response.once("finish", () => this.#count(lane, response, startedAt, sent));
    request.id = requestId(request);
    try {
      request.clientAddress = this.#clientOf(request);
      if (limit === undefined) return send(response, held, sent, undefined);
      const counted = limiter.count(limit.rule, clientKeyOf(request));
      if (!(counted instanceof Promise)) return this.#conclude(response, { held, sent }, limit, counted);
      counted
        .then((verdict) => this.#conclude(response, { held, sent }, limit, verdict))
        .catch((error: unknown) => this.#fail(response, error));
    } catch (error) {
      this.#fail(response, error);
    }
  }

  #laneOf(request: IncomingMessage, { name }: CachedAnswer): Lane {
    let lane = this.#lanes.get(name);
    if (lane === undefined) {
      const { metrics, rules } = this.#services;
      const path = requestPath(request);
      const [route, rule] = [routeOf(path), ruleFor(rules, path)];
      lane = {
        route,
        limit: rule && { rule, checked: metrics.limitChecks.tally({ rule: rule.name }) },
        answered: metrics.httpRequests.tally({ method: "GET", route, status: "200" }),
      };
      this.#lanes.set(name, lane);
    }
    return lane;
  }

  #conclude(
    response: ServerResponse,
    { held, sent }: { readonly held: CachedAnswer; readonly sent: SentAnswer },
    { rule, checked }: Limit,
    verdict: LimitVerdict | undefined,
  ): void {
    checked.add();
    const limits = verdict && limitHeaders(rule, verdict);
    if (verdict?.allowed !== false) return send(response, held, sent, limits);
    response.setHeader("X-Request-Id", response.req.id);
    for (const [name, value] of securityHeaderList) response.setHeader(name, value);
    setHeaders(response, { ...limits });
    refuseRequest(this.#services, response, rule, verdict);
  }

  /** What nearly all are is only added up; the rest is counted as on the long way. */
  #count({ route, answered }: Lane, response: ServerResponse, startedAt: number, sent: SentAnswer): void {
    const { metrics } = this.#services;
    const isUsual = response.statusCode === 200 && response.req.method === "GET" && sent.cacheable === "yes";
    if (!isUsual) return countAnswer(metrics, route, response, startedAt, sent);
    answered.add();
    this.#answers.add();
    this.#bytes.add(sent.bytes);
    metrics.httpDuration.observe({ route }, (performance.now() - startedAt) / 1_000);
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
