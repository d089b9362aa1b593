import type { z } from "zod";

/** A variable that must be set when another one has a certain value. */
export interface Companion {
  readonly when: string;
  readonly is: string;
  readonly needs: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Lists every wrong variable by name and never by value: values may be secrets. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`configuration of the shop service is wrong:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/** Reads the variables of a schema; an empty variable counts as unset. Throws ConfigError. */
export function readVariables<Schema extends z.ZodObject>(
  schema: Schema,
  needs: {
    readonly companions: readonly Companion[];
    /** Problems that are no matter of one companion. */
    readonly alsoMissing?: (set: Environment) => readonly string[];
  },
  environment: Environment,
): z.output<Schema> {
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = schema.safeParse(set);
  const problems = parsed.success ? [] : parsed.error.issues.map((issue) => describeIssue(issue, set));
  problems.push(...missingCompanions(needs.companions, set), ...(needs.alsoMissing?.(set) ?? []));
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return parsed.data;
}

function describeIssue(issue: z.core.$ZodIssue, set: Environment): string {
  const name = issue.path.join(".");
  return set[name] === undefined ? `${name} is not set` : `${name}: ${issue.message}`;
}

function missingCompanions(companions: readonly Companion[], set: Environment): string[] {
  return companions
    .filter(({ when, is, needs }) => set[when] === is && set[needs] === undefined)
    .map(({ when, is, needs }) => `${needs} is not set, and ${when}=${is} needs it`);
}
