/** What of a migration the release before it could not run on, as sentences; empty for one that only expands. */
export function breakingChanges(sql: string): readonly string[] {
  const statements = statementsOf(sql);
  const made = new Set(statements.flatMap((one) => /^create table (?:if not exists )?([\w.]+)/.exec(one)?.[1] ?? []));
  return statements.flatMap((statement) => breakingIn(statement, made));
}

/** The migration since which nothing uses what a contracting one takes away: `-- contract: unused since 0012_names`. */
export function contractedSince(sql: string): string | undefined {
  return /^-- contract: unused since (\w+)\s*$/m.exec(sql)?.[1];
}

function breakingIn(statement: string, made: ReadonlySet<string>): readonly string[] {
  const inside = /^do \$\w*\$(.*)\$\w*\$/.exec(statement)?.[1];
  if (inside !== undefined) return breakingChanges(inside.replace(/^\s*begin\b/, ""));
  const altered = /^alter table (?:if exists )?(?:only )?([\w.]+)(?: ?\*)? (.*)$/.exec(statement);
  if (altered?.[1] !== undefined && altered[2] !== undefined) {
    if (made.has(altered[1])) return [];
    return actionsOf(altered[2]).flatMap((action) => breakingAction(altered[1] ?? "", action));
  }
  const unique = /^create unique index (?:concurrently )?(?:if not exists )?\w* ?on (?:only )?([\w.]+)/.exec(statement);
  if (unique?.[1] !== undefined && !made.has(unique[1])) return [`${unique[1]}: a unique index refuses rows`];
  // An index is never asked for by name.
  if (/^drop (?!index)/.test(statement)) return [`${statement.slice(0, 60)}: gone for who uses it`];
  if (/^(revoke|truncate)\b/.test(statement)) return [`${statement.slice(0, 60)}: gone for who uses it`];
  if (/^alter (type|view|materialized view|function|procedure|sequence|schema) .* (rename|set schema) /.test(statement))
    return [`${statement.slice(0, 60)}: renamed`];
  const acted = /^create (?:or replace )?(?:constraint )?(?:trigger|policy) .*? on ([\w.]+)/.exec(statement);
  if (acted?.[1] !== undefined && !made.has(acted[1])) return [`${acted[1]}: acts on what the release before writes`];
  return [];
}

const actions: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/^drop (column|constraint|(if exists )?\w+( cascade| restrict)?$)/, "gone for who uses it"],
  [/^detach partition\b/, "gone for who uses it"],
  [/^(rename|set schema)\b/, "renamed"],
  [/^(enable|force) row level security/, "hides rows"],
  [/^alter (column )?\w+ (set data )?type\b/, "another type"],
  [/^alter (column )?\w+ set not null/, "not null refuses what was written before"],
  [/^alter (column )?\w+ drop (default|identity)/, "without its default"],
  [/^add (constraint|check|unique|primary key|foreign key|exclude)/, "a constraint refuses what was written before"],
  // What is left of `add` are columns.
  [/^add (?!.*\b(default|generated)\b).*\bnot null\b/, "not null without a default"],
];

function breakingAction(table: string, action: string): readonly string[] {
  const found = actions.find(([pattern]) => pattern.test(action));
  return found === undefined ? [] : [`${table}: ${action.slice(0, 60)}: ${found[1]}`];
}

/** Statements in lower case on one line each, without comments, texts, quotes of names and the usual schema. */
function statementsOf(sql: string): readonly string[] {
  const plain = sql
    .replace(/--[^\n]*/g, "")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/'(?:[^']|'')*'/g, "''")
    .replace(/"([^"]*)"/g, (_, name: string) => name.replace(/\W/g, "_"))
    .toLowerCase()
    .replace(/\bpublic\.(?=\w)/g, "")
    .replace(/\s+/g, " ");
  const blocks: string[] = [];
  const kept = plain.replace(/\$(\w*)\$.*?\$\1\$/g, (block) => `\uE000${blocks.push(block) - 1}\uE000`);
  return kept
    .split(";")
    .map((one) => one.trim().replace(/\uE000(\d+)\uE000/g, (_, at: string) => blocks[Number(at)] ?? ""))
    .filter((one) => one !== "");
}

/** Parts of an ALTER TABLE, at commas outside brackets. */
function actionsOf(text: string): readonly string[] {
  const parts = [""];
  let depth = 0;
  for (const character of text) {
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    if (character === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim());
}
