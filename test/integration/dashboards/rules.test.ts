import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { adviceRules } from "../../../cli/advice/recordings.ts";
import { alertRules, recordingRules } from "../../../dashboards/rules.ts";

const dashboards = join(import.meta.dirname, "..", "..", "..", "dashboards");

function promtool(...args: string[]): string {
  return execFileSync("promtool", args, { cwd: dashboards, encoding: "utf8", stdio: "pipe" });
}

describe("the alert rules", () => {
  it("are what Prometheus takes", () => {
    expect(promtool("check", "rules", "generated/rules.yml")).toContain(
      `${recordingRules.length + alertRules.length + adviceRules.rules.length} rules found`,
    );
  });

  it("fire when they should and not before", () => {
    expect(promtool("test", "rules", "rules.test.yml")).toContain("SUCCESS");
  });
});
