import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { adviceRecordings, recordingSeconds } from "../../../cli/advice/recordings.ts";
import { alertGroups, alertRules } from "../../../dashboards/rules.ts";
import { mostRulesOfGroup, rulesFile } from "../../../dashboards/rules-file.ts";
import { exporterKinds } from "../../../infra/local/monitoring/exporter-process.ts";

const dashboards = join(import.meta.dirname, "..", "..", "..", "dashboards");
const generated = join(dashboards, "generated");

interface CasesOfRules {
  readonly tests: readonly {
    readonly alert_rule_test?: readonly { readonly alertname: string; readonly exp_alerts: readonly unknown[] }[];
  }[];
}

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

  it("has a case for each alert in which it fires, and no group of more than is taken", () => {
    for (const [group, rules] of Object.entries(alertGroups)) {
      const { tests } = parse(readFileSync(join(dashboards, `${group}.test.yml`), "utf8")) as CasesOfRules;
      const cases = tests.flatMap(({ alert_rule_test: ofAlerts = [] }) => ofAlerts);
      const fired = new Set(cases.filter((one) => one.exp_alerts.length > 0).map(({ alertname }) => alertname));
      expect(fired).toEqual(new Set(rules.map(({ alert }) => alert)));
      expect(rules.length).toBeLessThanOrEqual(mostRulesOfGroup);
    }
  });

  it("knows which jobs are exporters, whose log is not that of what they watch", () => {
    const kinds = exporterKinds.join("|");
    const exprs = alertRules.filter(({ alert }) => ["ComponentDown", "ExporterDown"].includes(alert));
    expect(exprs.map(({ expr }) => expr)).toEqual([`up{job!~"shop|router|${kinds}"} == 0`, `up{job=~"${kinds}"} == 0`]);
  });
});
