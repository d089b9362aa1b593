import { createSocket, type Socket } from "node:dgram";
import { Counter, type Registry } from "prom-client";
import { z } from "zod";

/** What nginx says of one request (`log_format counted`). */
const lineSchema = z.object({
  zone: z.string(),
  /** HIT, MISS, EXPIRED, STALE, UPDATING, REVALIDATED, BYPASS; empty when the cache was not asked. */
  cache: z.string(),
  status: z.int(),
  bytes: z.int(),
  seconds: z.number(),
  method: z.string(),
  path: z.string(),
  requestId: z.string(),
});

/** A minute of a broken shop must not fill the log. */
const maxLinesPerMinute = 120;

/** Counts the requests that the cache answered, and writes down those that failed. */
export function countRequests(registry: Registry, port: number): Socket {
  const registers = [registry];
  const labelNames = ["zone", "cache"] as const;
  const requests = new Counter({ name: "cdn_requests_total", help: "Answered requests", labelNames, registers });
  const bytes = new Counter({ name: "cdn_response_bytes_total", help: "Bytes of bodies", labelNames, registers });
  let minute = 0;
  let written = 0;
  const socket = createSocket("udp4");
  socket.on("message", (message) => {
    const line = parseLine(message.toString("utf8"));
    if (line === undefined) return;
    const labels = { zone: line.zone, cache: line.cache === "" ? "NONE" : line.cache };
    requests.inc(labels);
    bytes.inc(labels, line.bytes);
    if (line.status < 500) return;
    const now = Math.floor(Date.now() / 60_000);
    if (now !== minute) [minute, written] = [now, 0];
    written += 1;
    if (written <= maxLinesPerMinute) console.log(JSON.stringify(line));
  });
  socket.bind(port, "127.0.0.1");
  return socket;
}

/** The JSON after syslog's head; undefined for anything else that reached the port. */
function parseLine(message: string): z.infer<typeof lineSchema> | undefined {
  try {
    return lineSchema.parse(JSON.parse(message.slice(message.indexOf("{"))));
  } catch {
    return undefined;
  }
}
