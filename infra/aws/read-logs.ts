import { setTimeout as delay } from "node:timers/promises";
import { CloudWatchLogsClient, FilterLogEventsCommand, type FilteredLogEvent } from "@aws-sdk/client-cloudwatch-logs";
import type { LogLine, LogRequest } from "../target.ts";

/** How far back the last lines are looked for: CloudWatch reads forward only. */
const lookBackMs = 3_600_000;
/** CloudWatch takes a line a few seconds after it was written; one that comes later than this is not seen by `follow`. */
const lateMs = 10_000;
const followIntervalMs = 3_000;

/**
 * Lines of the tasks' log group: the last ones of an hour, oldest first; then, with `follow`, new ones. A stream is named
 * `<container>/<container>/<task>`, and its process is `<container>-<task's first characters>`.
 */
export async function* readLogs(
  { region, logGroup }: { readonly region: string; readonly logGroup: string },
  { process, lines, follow, signal }: LogRequest,
): AsyncGenerator<LogLine> {
  const client = new CloudWatchLogsClient({ region });
  const startedAt = Date.now();
  const wanted = (line: LogLine): boolean =>
    process === undefined || line.process === process || line.process.startsWith(`${process}-`);
  const last = (await eventsSince(client, logGroup, startedAt - lookBackMs)).map(lineOf).filter(wanted);
  yield* last.slice(Math.max(0, last.length - lines));
  const seen = new Set<string>();
  let from = startedAt;
  if (!follow) return;
  const isOver = (): boolean => signal?.aborted === true;
  while (!isOver()) {
    await delay(followIntervalMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    for (const event of await eventsSince(client, logGroup, from - lateMs)) {
      if (seen.has(event.eventId ?? "") || (event.timestamp ?? 0) < startedAt) continue;
      seen.add(event.eventId ?? "");
      const line = lineOf(event);
      if (wanted(line)) yield line;
    }
    from = Date.now();
  }
}

async function eventsSince(
  client: CloudWatchLogsClient,
  logGroupName: string,
  startTime: number,
): Promise<readonly FilteredLogEvent[]> {
  const found: FilteredLogEvent[] = [];
  for (let nextToken: string | undefined; ;) {
    const page = await client.send(new FilterLogEventsCommand({ logGroupName, startTime, nextToken }));
    found.push(...(page.events ?? []));
    nextToken = page.nextToken;
    if (nextToken === undefined) return found.toSorted((a, b) => (a.timestamp ?? 0) - (b.timestamp ?? 0));
  }
}

function lineOf({ logStreamName = "", timestamp = 0, message = "" }: FilteredLogEvent): LogLine {
  const [container = logStreamName, , task = ""] = logStreamName.split("/");
  return {
    process: task === "" ? container : `${container}-${task.slice(0, 8)}`,
    at: new Date(timestamp).toISOString(),
    text: message.trimEnd(),
  };
}
