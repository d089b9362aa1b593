import { z } from "zod";
import type { Signer } from "../../../infra/aws/managed-prometheus.ts";
import type { InstantSample, MetricsSource, RangeSeries } from "../../advice/metrics-source.ts";

/** Prometheus gives numbers as text, because JSON has no NaN. */
const sampleSchema = z.tuple([z.number(), z.string()]);
const labelsSchema = z.record(z.string(), z.string());
const vectorSchema = z.object({
  status: z.literal("success"),
  data: z.object({
    resultType: z.literal("vector"),
    result: z.array(z.object({ metric: labelsSchema, value: sampleSchema })),
  }),
});
const matrixSchema = z.object({
  status: z.literal("success"),
  data: z.object({
    resultType: z.literal("matrix"),
    result: z.array(z.object({ metric: labelsSchema, values: z.array(sampleSchema) })),
  }),
});
const errorSchema = z.object({ status: z.literal("error"), error: z.string() });

/** A Prometheus that does not answer as one. Its message names the address without user, password or query. */
export class PrometheusError extends Error {
  readonly code: "unreachable" | "unauthorised";
  constructor(code: PrometheusError["code"], why: string, options?: ErrorOptions) {
    super(why, options);
    this.name = "PrometheusError";
    this.code = code;
  }
}

export interface PrometheusAddress {
  /** For people. */
  readonly name: string;
  readonly url: string;
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string | undefined;
  /** Of one that wants each request signed instead. */
  readonly sign?: Signer | undefined;
}

const timeoutMs = 30_000;
/** More would make it work on one answer at a time all the same; it refuses beyond 20. */
const atATime = 8;

/** A Prometheus, or whatever has its HTTP API, as a source. */
export function prometheusSource(address: PrometheusAddress): MetricsSource {
  const enter = gate(atATime);
  return {
    name: address.name,
    async instant(query, atSeconds): Promise<readonly InstantSample[]> {
      const answer = await enter(() => ask(address, "query", { query, time: String(atSeconds) }));
      const { data } = read(vectorSchema, answer, address);
      return data.result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }));
    },
    async range(query, { start, end, stepSeconds }): Promise<readonly RangeSeries[]> {
      const range = { query, start: String(start), end: String(end), step: String(stepSeconds) };
      const answer = await enter(() => ask(address, "query_range", range));
      const { data } = read(matrixSchema, answer, address);
      return data.result.map(({ metric, values }) => ({ labels: metric, points: values.flatMap(pointOf) }));
    },
  };
}

function pointOf([at, text]: readonly [number, string]): RangeSeries["points"] {
  const value = Number(text);
  return Number.isFinite(value) ? [{ at, value }] : [];
}

async function ask(
  { url, token, sign }: PrometheusAddress,
  endpoint: "query" | "query_range",
  form: Readonly<Record<string, string>>,
): Promise<unknown> {
  const base = new URL(url);
  const at = `${base.origin}${base.pathname}`;
  const target = new URL(`${base.pathname.replace(/\/$/, "")}/api/v1/${endpoint}`, base.origin);
  const request = {
    url: target,
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded;charset=UTF-8",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: new URLSearchParams(form).toString(),
  };
  try {
    const response = await fetch(target, {
      method: request.method,
      body: request.body,
      headers: sign === undefined ? request.headers : { ...(await sign(request)) },
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status === 401 || response.status === 403) {
      await response.body?.cancel();
      throw new PrometheusError("unauthorised", `${at} answered ${response.status}`);
    }
    return await response.json();
  } catch (error) {
    if (error instanceof PrometheusError) throw error;
    throw new PrometheusError("unreachable", `${at}: ${reasonOf(error)}`, { cause: error });
  }
}

function read<T>(schema: z.ZodType<T>, answer: unknown, { url }: PrometheusAddress): T {
  const refused = errorSchema.safeParse(answer);
  if (refused.success)
    throw new PrometheusError("unreachable", `${new URL(url).origin} refused a query: ${refused.data.error}`);
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new PrometheusError("unreachable", `${new URL(url).origin} does not answer as a Prometheus does`);
}

/** fetch hides the reason (ECONNREFUSED and the like) in the cause of a "fetch failed". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${timeoutMs / 1_000} s`;
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** Lets so many at once in; the others wait in line. */
function gate(most: number): <T>(task: () => Promise<T>) => Promise<T> {
  let inside = 0;
  const line: (() => void)[] = [];
  return async (task) => {
    if (inside >= most) await new Promise<void>((enter) => line.push(enter));
    else inside += 1;
    try {
      return await task();
    } finally {
      const next = line.shift();
      if (next === undefined) inside -= 1;
      else next();
    }
  };
}
