import type { Sample } from "../../advice/snapshot.ts";

const metricName = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const labelName = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const blanks = /[ \t]*/y;
const typeLine = /^#[ \t]+TYPE[ \t]+([a-zA-Z_:][a-zA-Z0-9_:]*)[ \t]/;
const rest = /^[ \t]+([^ \t]+)(?:[ \t]+(-?\d+))?[ \t]*$/;
const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const escapes: Readonly<Record<string, string>> = { n: "\n", "\\": "\\", '"': '"' };

/** A line that is not Prometheus' text format; the scrape it is in counts as missing as a whole. */
export class ExpositionError extends Error {
  readonly line: number;
  constructor(line: number, why: string) {
    super(`line ${line}: ${why}`);
    this.name = "ExpositionError";
    this.line = line;
  }
}

export interface Exposition {
  readonly samples: readonly Sample[];
  /** Names of the `# TYPE` lines, those of metrics without a series included. */
  readonly families: readonly string[];
}

/**
 * Reads Prometheus' text format 0.0.4: samples in the order given, and the names declared; types, help texts and
 * timestamps are dropped. Strict, because half of an exposition would look like metrics that do not exist.
 */
export function parseExposition(text: string): Exposition {
  const lines = text.split("\n");
  if (lines.at(-1) !== "") throw new ExpositionError(lines.length, "the text ends inside a line");
  const samples: Sample[] = [];
  const families: string[] = [];
  for (const [index, line] of lines.entries()) {
    const trimmed = line.trim();
    const family = typeLine.exec(trimmed)?.[1];
    if (family !== undefined) families.push(family);
    else if (trimmed !== "" && !trimmed.startsWith("#")) samples.push(parseSample(trimmed, index + 1));
  }
  return { samples, families };
}

function parseSample(line: string, lineNumber: number): Sample {
  const name = take(metricName, line, 0);
  if (name === "") throw new ExpositionError(lineNumber, "no metric name");
  const open = name.length + take(blanks, line, name.length).length;
  const { labels, end } =
    line[open] === "{" ? parseLabels(line, open + 1, lineNumber) : { labels: {}, end: name.length };
  const [, value] = rest.exec(line[open] === "{" ? ` ${line.slice(end)}` : line.slice(end)) ?? [];
  if (value === undefined) throw new ExpositionError(lineNumber, "no value after the series");
  return { name, labels, value: parseValue(value, lineNumber) };
}

function parseLabels(line: string, start: number, lineNumber: number): { labels: Record<string, string>; end: number } {
  const labels: Record<string, string> = {};
  let at = start + take(blanks, line, start).length;
  while (line[at] !== "}") {
    const name = take(labelName, line, at);
    if (name === "") throw new ExpositionError(lineNumber, "no label name");
    if (Object.hasOwn(labels, name)) throw new ExpositionError(lineNumber, `label ${name} twice`);
    at += name.length;
    at += take(blanks, line, at).length;
    if (line[at] !== "=") throw new ExpositionError(lineNumber, `no value of label ${name}`);
    at += 1 + take(blanks, line, at + 1).length;
    const { value, end } = parseQuoted(line, at, lineNumber);
    labels[name] = value;
    at = end + take(blanks, line, end).length;
    if (line[at] !== "," && line[at] !== "}") throw new ExpositionError(lineNumber, "labels do not end");
    if (line[at] === ",") at += 1 + take(blanks, line, at + 1).length;
  }
  return { labels, end: at + 1 };
}

function parseQuoted(line: string, start: number, lineNumber: number): { value: string; end: number } {
  if (line[start] !== '"') throw new ExpositionError(lineNumber, "a label value without quotes");
  let value = "";
  for (let at = start + 1; at < line.length; at += 1) {
    const char = line.charAt(at);
    if (char === '"') return { value, end: at + 1 };
    if (char !== "\\") {
      value += char;
      continue;
    }
    at += 1;
    const escaped = escapes[line.charAt(at)];
    if (escaped === undefined) throw new ExpositionError(lineNumber, `unknown escape \\${line.charAt(at)}`);
    value += escaped;
  }
  throw new ExpositionError(lineNumber, "a label value without its end");
}

/** Numbers as Go's ParseFloat takes them, less hexadecimal: NaN and the infinities in any case. */
function parseValue(text: string, lineNumber: number): number {
  if (number.test(text)) return Number(text);
  switch (text.toLowerCase()) {
    case "nan":
      return NaN;
    case "+inf":
    case "inf":
      return Infinity;
    case "-inf":
      return -Infinity;
    default:
      throw new ExpositionError(lineNumber, `${JSON.stringify(text)} is no number`);
  }
}

function take(pattern: RegExp, line: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(line)?.[0] ?? "";
}
