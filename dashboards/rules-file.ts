import { stringify } from "yaml";
import { alertRules, recordingRules } from "./rules.ts";

/** The rules as Prometheus reads them. */
export function rulesFile(): string {
  const groups = [
    { name: "shop-recordings", rules: recordingRules },
    { name: "shop-alerts", rules: alertRules },
  ];
  return `# Made from dashboards/rules.ts by \`npm run dashboards\`.\n${stringify({ groups }, { lineWidth: 0 })}`;
}
