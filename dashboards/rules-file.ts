import { stringify } from "yaml";
import { alertRules, recordingRules, type RecordingRule } from "./rules.ts";

/** What advice wants to be recorded, and how often. */
export interface AdviceRules {
  readonly rules: readonly RecordingRule[];
  readonly everySeconds: number;
}

/** The rules as Prometheus reads them. */
export function rulesFile(advice: AdviceRules): string {
  const groups = [
    { name: "shop-recordings", rules: recordingRules },
    { name: "shop-alerts", rules: alertRules },
    { name: "shop-signals", interval: `${advice.everySeconds}s`, rules: advice.rules },
  ];
  return `# Made from dashboards/rules.ts and the signals of cli/advice/ by \`npm run dashboards\`.\n${stringify({ groups }, { lineWidth: 0 })}`;
}
