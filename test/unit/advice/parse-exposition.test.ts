import { readFileSync } from "node:fs";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { describe, expect, test } from "vitest";
import { ExpositionError, parseExposition } from "../../../cli/adapters/metrics/parse-exposition.ts";

const parse = (...lines: string[]) => parseExposition(`${lines.join("\n")}\n`).samples;

describe("the text format", () => {
  test("is read with labels, blanks, timestamps and exponents", () => {
    expect(
      parse(
        'http_requests_total{method="post",code="200"} 1027 1395066363000',
        "metric_without_timestamp_and_labels 12.47",
        'spaced  { a = "1" , b="2", }  1e-3',
        "negative -4.5E2",
      ),
    ).toEqual([
      { name: "http_requests_total", labels: { method: "post", code: "200" }, value: 1027 },
      { name: "metric_without_timestamp_and_labels", labels: {}, value: 12.47 },
      { name: "spaced", labels: { a: "1", b: "2" }, value: 0.001 },
      { name: "negative", labels: {}, value: -450 },
    ]);
  });

  test("unescapes label values", () => {
    const [sample] = parse(
      String.raw`x{path="C:\\DIR\\FILE.TXT",error="Cannot find file:\n\"FILE.TXT\"",odd="},{= "} 1`,
    );
    expect(sample?.labels).toEqual({ path: "C:\\DIR\\FILE.TXT", error: 'Cannot find file:\n"FILE.TXT"', odd: "},{= " });
  });

  test("has NaN and the infinities", () => {
    expect(parse("a NaN", "b +Inf", "c -Inf", "d Inf").map(({ value }) => value)).toEqual([
      NaN,
      Infinity,
      -Infinity,
      Infinity,
    ]);
  });

  test("names the families that are declared, those without a series too", () => {
    expect(parseExposition("# HELP a_total Text.\n# TYPE a_total counter\n# a comment\n\n").families).toEqual([
      "a_total",
    ]);
  });

  test.each([
    ["a value is missing", "a"],
    ["a value is no number", "a 1.2.3"],
    ["hexadecimal is refused", "a 0x10"],
    ["a label does not end", 'a{b="1 2'],
    ["labels do not end", 'a{b="1" 2'],
    ["a label has no quotes", "a{b=1} 2"],
    ["a label is there twice", 'a{b="1",b="2"} 2'],
    ["an escape is unknown", String.raw`a{b="\t"} 2`],
    ["there is too much", "a 1 2 3"],
    ["a name is none", "1a 2"],
    ["HTML is answered", "<html>"],
  ])("is refused when %s", (_why, line) => {
    expect(() => parse("ok 1", line)).toThrow(ExpositionError);
    expect(() => parse("ok 1", line)).toThrow(/^line 2: /);
  });

  test("is refused when it is cut off inside a line", () => {
    expect(() => parseExposition("shop_users 85")).toThrow("line 1: the text ends inside a line");
  });
});

describe("real expositions", () => {
  test("prom-client's are read back exactly", async () => {
    const registers = [new Registry()];
    new Gauge({ name: "g", help: 'Quote " and \\ and\nline', labelNames: ["l"], registers }).set(
      { l: 'a"b\\c\nd' },
      1.5,
    );
    registers[0]!.registerMetric(
      new Counter({ name: "never_total", help: "Declared only.", labelNames: ["l"], registers: [] }),
    );
    const histogram = new Histogram({ name: "h", help: "H.", buckets: [0.1, 1], registers });
    for (const value of [0.05, 0.5, 5]) histogram.observe(value);
    const { samples, families } = parseExposition(await registers[0]!.metrics());
    expect(families).toEqual(["g", "never_total", "h"]);
    expect(samples).toEqual([
      { name: "g", labels: { l: 'a"b\\c\nd' }, value: 1.5 },
      { name: "h_bucket", labels: { le: "0.1" }, value: 1 },
      { name: "h_bucket", labels: { le: "1" }, value: 2 },
      { name: "h_bucket", labels: { le: "+Inf" }, value: 3 },
      { name: "h_sum", labels: {}, value: 5.55 },
      { name: "h_count", labels: {}, value: 3 },
    ]);
  });

  test("HAProxy 2.6's is read as a whole", () => {
    const text = readFileSync(new URL("fixtures/haproxy-2.6.txt", import.meta.url), "utf8");
    const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    expect(parseExposition(text).samples).toHaveLength(lines.length);
  });
});
