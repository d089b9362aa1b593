import { stringify } from "yaml";
import { alertGroups, recordingRules, type RecordingRule } from "./rules.ts";

/** What advice wants to be recorded, and how often. */
export interface AdviceRules {
  readonly rules: readonly RecordingRule[];
  readonly everySeconds: number;
}

/** More in a group Mimir refuses by its default (`ruler_max_rules_per_rule_group`), and who runs it or Cortex for others may too. */
export const mostRulesOfGroup = 20;

/** The rules as Prometheus reads them. */
export function rulesFile(advice: AdviceRules): string {
  const groups = [
    { name: "shop-recordings", rules: recordingRules },
    ...Object.entries(alertGroups).map(([name, rules]) => ({ name: `shop-${name}`, rules })),
    ...signalGroups(advice),
  ];
  return `# Made from the rules of dashboards/ and the signals of cli/advice/ by \`npm run dashboards\`.\n${stringify({ groups }, { lineWidth: 0 })}`;
}

function signalGroups({ rules, everySeconds }: AdviceRules): readonly object[] {
  return Array.from({ length: Math.ceil(rules.length / mostRulesOfGroup) }, (_, index) => ({
    name: `shop-signals-${index + 1}`,
    interval: `${everySeconds}s`,
    rules: rules.slice(index * mostRulesOfGroup, (index + 1) * mostRulesOfGroup),
  }));
}
