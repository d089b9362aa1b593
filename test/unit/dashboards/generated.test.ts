import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { adviceRecordings, recordingSeconds } from "../../../cli/advice/recordings.ts";
import { alertRules } from "../../../dashboards/rules.ts";
import { rulesFile } from "../../../dashboards/rules-file.ts";

const generated = join(import.meta.dirname, "..", "..", "..", "dashboards", "generated");

describe("what is generated for Prometheus", () => {
  it("is committed as the code beside it has it: npm run dashboards", () => {
    expect(readFileSync(join(generated, "rules.yml"), "utf8")).toBe(
      rulesFile({ rules: adviceRecordings(), everySeconds: recordingSeconds }),
    );
  });

  it("names each alert once and says of each what to do next", () => {
    expect(new Set(alertRules.map(({ alert }) => alert)).size).toBe(alertRules.length);
    expect(alertRules.filter(({ annotations }) => !annotations.next.startsWith("shopctl "))).toEqual([]);
  });
});
