import { z } from "zod";
import type { LogLine } from "../../infra/target.ts";
import { columns } from "./columns.ts";
import { style } from "./style.ts";

/** What the shop's own log lines have that people want to see; other programs write plain text. */
const shopLineSchema = z.looseObject({
  level: z.number(),
  msg: z.string().default(""),
  req: z.object({ method: z.string(), path: z.string() }).optional(),
  res: z.object({ status: z.number() }).optional(),
  responseTime: z.number().optional(),
  err: z.object({ message: z.string() }).optional(),
});

/** Levels of pino from which a line is a warning, and an error. */
const levels = { warning: 40, error: 50 };

/** A log line with its time of day and process in front; JSON of the shop as a sentence. */
export function renderLogLine({ process, at, text }: LogLine): string {
  return columns([[style.dim(at.slice(11, 23).padEnd(12)), style.cyan(process), sentence(text)]]);
}

function sentence(text: string): string {
  const line = shopLine(text);
  if (line === undefined) return text;
  const { level, msg, req, res, responseTime, err } = line;
  const request = req === undefined ? "" : `${req.method} ${req.path} ${res?.status ?? ""} ${responseTime ?? "?"} ms`;
  const words = [request, req === undefined || level >= levels.warning ? msg : "", err?.message ?? ""];
  const whole = words.filter((word) => word !== "").join("  ");
  if (level >= levels.error) return style.red(whole);
  return level >= levels.warning ? style.yellow(whole) : whole;
}

function shopLine(text: string): z.infer<typeof shopLineSchema> | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    return shopLineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
