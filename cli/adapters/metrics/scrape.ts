import type { ScrapeEndpoint } from "../../../infra/target.ts";
import type { EndpointScrape, Snapshot } from "../../advice/snapshot.ts";
import { parseExposition } from "./parse-exposition.ts";

/** Far above what an instance with every route writes (about 100 KiB); a longer answer is not a /metrics of ours. */
const maxBytes = 8 * 1_024 * 1_024;

/**
 * Scrapes all endpoints at the same time. Never throws for an endpoint: one that does not answer within `timeoutMs`, or
 * answers something else than an exposition, is `missing` with the reason.
 */
export async function scrape(
  endpoints: readonly ScrapeEndpoint[],
  { timeoutMs }: { readonly timeoutMs: number },
): Promise<Snapshot> {
  const at = new Date().toISOString();
  return { at, endpoints: await Promise.all(endpoints.map((endpoint) => scrapeOne(endpoint, timeoutMs))) };
}

async function scrapeOne({ job, instance, url }: ScrapeEndpoint, timeoutMs: number): Promise<EndpointScrape> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: "error" });
    if (response.status !== 200) {
      await response.body?.cancel();
      return { job, instance, missing: `${url} answered ${response.status}` };
    }
    return { job, instance, ...parseExposition(await readBounded(response)) };
  } catch (error) {
    return { job, instance, missing: `${url}: ${reasonOf(error, timeoutMs)}` };
  }
}

async function readBounded(response: Response): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new Error(`the answer is longer than ${maxBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** fetch hides the reason (ECONNREFUSED and the like) in the cause of a "fetch failed". */
function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${timeoutMs} ms`;
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
