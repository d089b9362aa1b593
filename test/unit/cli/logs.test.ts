import { describe, expect, it } from "vitest";
import { newest } from "../../../cli/adapters/read-last-logs.ts";
import { counted } from "../../../cli/phases/counted.ts";

const line = (process: string, at: string) => ({ process, at, text: "" });
const last = [line("web-1-old", "1"), line("web-1-new", "2"), line("postgres", "3"), line("web-2-new", "4")];
const living = new Set(["web-1-new", "web-2-new", "postgres"]);

describe("the last log lines", () => {
  it("are as many as were asked for over all processes that live, newest last", () => {
    expect(newest(last, { lines: 2 }, living)).toEqual([last[2], last[3]]);
    expect(newest(last, { lines: 20, process: "web" }, living)).toEqual(last.slice(1));
    expect(newest(last, { lines: 0 }, living)).toEqual([]);
  });

  it("are of a process that is gone when it is named, or when nothing lives", () => {
    expect(newest([last[0]!], { lines: 5, process: "web-1-old" }, living)).toEqual([last[0]]);
    expect(newest(last, { lines: 1 }, new Set())).toEqual([last[3]]);
  });
});

describe("a counted noun", () => {
  it("is singular for one alone", () => {
    expect([counted(0, "client"), counted(1, "client"), counted(2, "server")]).toEqual([
      "0 clients",
      "1 client",
      "2 servers",
    ]);
  });
});
