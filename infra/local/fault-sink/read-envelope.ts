import { z } from "zod";
import type { StoredFault } from "./sink-config.ts";

const longestText = 2_000;
const mostErrors = 5;
const mostFrames = 20;

const text = z.string().transform((value) => value.slice(0, longestText));
const eventSchema = z.object({
  event_id: text.default(""),
  timestamp: z.number().optional(),
  server_name: text.default(""),
  release: text.default(""),
  tags: z.object({ route: text.optional(), requestId: text.optional() }).default({}),
  exception: z
    .object({
      values: z.array(
        z.object({
          type: text.default("Error"),
          value: text.default(""),
          stacktrace: z
            .object({
              frames: z.array(
                z.object({ filename: text.default(""), function: text.default(""), lineno: z.int().optional() }),
              ),
            })
            .optional(),
        }),
      ),
    })
    .optional(),
  message: text.optional(),
});

/**
 * The events of an envelope (a head, then for each item a head and its content, a line each, as Sentry's library for Node
 * writes them). Whatever is no event is left out; undefined when it is no envelope.
 */
export function readEnvelope(envelope: string, now: Date): readonly StoredFault[] | undefined {
  const [head, ...rest] = envelope.split("\n");
  if (parseJson(head) === undefined) return undefined;
  const faults: StoredFault[] = [];
  for (let at = 0; at + 1 < rest.length; at += 2) {
    const item = z.object({ type: z.string() }).safeParse(parseJson(rest[at]));
    if (!item.success) return undefined;
    if (item.data.type !== "event") continue;
    const event = eventSchema.safeParse(parseJson(rest[at + 1]));
    if (event.success) faults.push(faultOf(event.data, now));
  }
  return faults;
}

function faultOf(event: z.infer<typeof eventSchema>, now: Date): StoredFault {
  const { route, requestId } = event.tags;
  const values = event.exception?.values ?? [{ type: "message", value: event.message ?? "" }];
  return {
    at: (event.timestamp === undefined ? now : new Date(event.timestamp * 1_000)).toISOString(),
    id: event.event_id,
    instance: event.server_name,
    release: event.release,
    ...(route === undefined ? {} : { route }),
    ...(requestId === undefined ? {} : { requestId }),
    // Sentry has the cause first, and the innermost call last.
    errors: values
      .toReversed()
      .slice(0, mostErrors)
      .map((error) => ({
        type: error.type,
        message: error.value,
        frames: ("stacktrace" in error ? (error.stacktrace?.frames ?? []) : [])
          .toReversed()
          .slice(0, mostFrames)
          .map((frame) => `${frame.function} ${frame.filename}:${frame.lineno ?? "?"}`.trim()),
      })),
  };
}

function parseJson(line: string | undefined): unknown {
  try {
    return JSON.parse(line ?? "");
  } catch {
    return undefined;
  }
}
