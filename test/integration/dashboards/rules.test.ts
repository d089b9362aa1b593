import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { adviceRecordings } from "../../../cli/advice/recordings.ts";
import { alertRules, recordingRules } from "../../../dashboards/rules.ts";

const dashboards = join(import.meta.dirname, "..", "..", "..", "dashboards");

function promtool(...args: string[]): string {
  return execFileSync("promtool", args, { cwd: dashboards, encoding: "utf8", stdio: "pipe" });
}

describe("the rules", () => {
  it("are what Prometheus takes", () => {
    expect(promtool("check", "rules", "generated/rules.yml")).toContain(
      `${recordingRules.length + alertRules.length + adviceRecordings().length} rules found`,
    );
  });

  it.each(["outages", "shortages"])("alert when they should and not before: %s", (name) => {
    expect(promtool("test", "rules", `${name}.test.yml`)).toContain("SUCCESS");
  });

  it("record what advice would read of the scrapes", () => {
    expect(promtool("test", "rules", "signals.test.yml")).toContain("SUCCESS");
  });
});
