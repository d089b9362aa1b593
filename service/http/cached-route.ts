import type { CacheName } from "../cache/cache-names.ts";
import type { CachedAnswer } from "../cache/cached-answer.ts";
import type { Load } from "../cache/load-through.ts";
import { accepted, refused, type Outcome } from "../shop/refusal.ts";
import { answerCached } from "./answer-cached.ts";
import { answerRefusal } from "./problem.ts";
import type { ReadRequest, Route } from "./route.ts";
import type { Services } from "./services.ts";

/** What the cache is asked for, and how it is made when it is not there; a load that gives nothing means that there is none. */
export interface Wanted {
  readonly key: string;
  readonly load: Load;
}

export type ReadInput = Pick<ReadRequest, "params" | "query">;

/** A read whose answers are kept in the cache of that name: the same for everyone, and known by what is asked. */
export interface CachedRoute extends Route {
  readonly cache: CacheName;
  readonly read: (input: ReadInput) => Outcome<Wanted>;
}

export function cachedRoute(
  services: Services,
  { operation, cache, read }: Pick<CachedRoute, "operation" | "cache" | "read">,
): CachedRoute {
  return {
    operation,
    cache,
    read,
    handle: async (request, response) => {
      const answer = await readCached(services, { cache, read }, request);
      if (!answer.ok) return answerRefusal(response, answer.refusal);
      answerCached(response, answer.value);
    },
  };
}

/** The answer that a request wants, from the cache or made now. */
export async function readCached(
  services: Pick<Services, "cache">,
  { cache, read }: Pick<CachedRoute, "cache" | "read">,
  input: ReadInput,
): Promise<Outcome<CachedAnswer>> {
  const wanted = read(input);
  if (!wanted.ok) return wanted;
  const answer = await services.cache.answer(cache, wanted.value.key, wanted.value.load);
  return answer === undefined ? refused({ code: "not-found" }) : accepted(answer);
}
