import { parse } from "node:querystring";
import type { IncomingMessage } from "node:http";
import { CachedAnswer } from "../cache/cached-answer.ts";
import type { CacheName } from "../cache/cache-names.ts";
import { ruleFor, type LimitRule } from "../limits/rules.ts";
import type { LimitVerdict } from "../limits/verdict.ts";
import type { Tally } from "../metrics/tallied-counter.ts";
import { cachedReply } from "./answer-cached.ts";
import { answerError } from "./answer-errors.ts";
import { readCached, type CachedRoute } from "./cached-route.ts";
import { clientFinder, clientKeyOf } from "./client-of.ts";
import type { Found } from "./find-route.ts";
import { limitHeaders, refuseRequest } from "./limit-requests.ts";
import { logAnswer, requestId } from "./log-requests.ts";
import { countAnswer, type SentAnswer } from "./measure-requests.ts";
import { answerRefusal } from "./problem.ts";
import { requestPath, requestQuery } from "./request-path.ts";
import { routeOf } from "./route-of.ts";
import { securityHeaderList } from "./security-headers.ts";
import type { Services } from "./services.ts";
import { setHeaders } from "./set-headers.ts";
import type { Exchange } from "./step.ts";

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

/** An answer that is held, or where one comes from. */
export type Source = CachedAnswer | Found<CachedRoute>;

interface Turn {
  readonly exchange: Exchange;
  readonly lane: Lane;
  readonly source: Source;
  readonly startedAt: number;
  limits: ReturnType<typeof limitHeaders> | undefined;
  /** Of a kept answer; any other tells it in its headers. */
  sent: SentAnswer | undefined;
}

/**
 * Answers plain reads. What the entrance does step by step is done here in one go, and so is the writing of the headers, which
 * one by one are a tenth of such an answer's work: `short-way.test.ts` holds both ways against each other, header by header.
 */
export class PlainReads {
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

  answer(exchange: Exchange, source: Source): void {
    const startedAt = performance.now();
    const [request, response] = exchange;
    const lane = this.#laneOf(request, source);
    const turn: Turn = { exchange, lane, source, startedAt, limits: undefined, sent: undefined };
    response.once("finish", () => this.#count(turn));
    request.id = requestId(request);
    const { limit } = lane;
    try {
      request.clientAddress = this.#clientOf(request);
      if (limit === undefined) return this.#give(turn);
      const counted = this.#services.limiter.count(limit.rule, clientKeyOf(request));
      if (!(counted instanceof Promise)) return this.#conclude(turn, limit, counted);
      counted
        .then((verdict) => this.#conclude(turn, limit, verdict))
        .catch((error: unknown) => this.#fail(turn, error));
    } catch (error) {
      this.#fail(turn, error);
    }
  }

  #laneOf(request: IncomingMessage, source: Source): Lane {
    const name = source instanceof CachedAnswer ? source.name : source.route.cache;
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

  #conclude(turn: Turn, { rule, checked }: Limit, verdict: LimitVerdict | undefined): void {
    checked.add();
    turn.limits = verdict && limitHeaders(rule, verdict);
    if (verdict?.allowed !== false) return this.#give(turn);
    setCommonHeaders(turn);
    refuseRequest(this.#services, turn.exchange[1], rule, verdict);
  }

  #give(turn: Turn): void {
    const { source } = turn;
    if (source instanceof CachedAnswer) return send(turn, source);
    this.#load(turn, source).catch((error: unknown) => this.#fail(turn, error));
  }

  async #load(turn: Turn, { route, params }: Found<CachedRoute>): Promise<void> {
    const [request, response] = turn.exchange;
    const answer = await readCached(this.#services, route, { params, query: parse(requestQuery(request)) });
    if (answer.ok) {
      answer.value.onGiven?.(request.url ?? "");
      return send(turn, answer.value);
    }
    setCommonHeaders(turn);
    answerRefusal(response, answer.refusal);
  }

  /** What nearly all are is only added up; the rest is counted, and logged, as on the long way. */
  #count({ exchange, lane: { route, answered }, startedAt, sent }: Turn): void {
    const { metrics, logger } = this.#services;
    const [request, response] = exchange;
    const isUsual = response.statusCode === 200 && request.method === "GET" && sent?.cacheable === "yes";
    if (!isUsual) {
      countAnswer(metrics, route, response, startedAt, sent);
      return logAnswer(logger, response, { path: requestPath(request), startedAt });
    }
    answered.add();
    this.#answers.add();
    this.#bytes.add(sent.bytes);
    metrics.httpDuration.observe({ route }, (performance.now() - startedAt) / 1_000);
  }

  #fail(turn: Turn, error: unknown): void {
    const [, response] = turn.exchange;
    if (!response.headersSent) setCommonHeaders(turn);
    if (!answerError(this.#services, error, turn.exchange)) response.destroy();
  }
}

/** For what is answered in the usual way, header by header. */
function setCommonHeaders({ exchange: [request, response], limits }: Turn): void {
  response.setHeader("X-Request-Id", request.id);
  for (const [name, value] of securityHeaderList) response.setHeader(name, value);
  setHeaders(response, { ...limits });
}

function send(turn: Turn, answer: CachedAnswer): void {
  const { exchange, limits } = turn;
  const [{ id, headers }, response] = exchange;
  const { status, head, body } = cachedReply(answer, headers);
  const limitHead =
    limits === undefined ? [] : ["RateLimit-Policy", limits["RateLimit-Policy"], "RateLimit", limits.RateLimit];
  response.writeHead(status, ["X-Request-Id", id, ...securityHead, ...limitHead, ...head]);
  response.end(body, "latin1");
  turn.sent = { cacheable: "yes", bytes: body?.length ?? 0 };
}
