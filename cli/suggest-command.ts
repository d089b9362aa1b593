import type { Config } from "@oclif/core";
import { FailureError } from "./errors/failure.ts";

/** Refuses a command that does not exist, naming the nearest that does; never asks, so that scripts fail at once. */
export function suggestCommand(config: Config, argv: readonly string[]): void {
  const words = argv.slice(0, argv.findIndex((word) => word.startsWith("-")) >>> 0);
  if (words.length === 0 || words[0] === "help") return;
  const ids = config.commands.filter(({ hidden }) => !hidden).map(({ id }) => id.replaceAll(":", " "));
  const topics = ids.map((id) => id.split(" ").slice(0, -1).join(" ")).filter((topic) => topic !== "");
  const typed = words.join(" ");
  if ([...ids, ...topics].some((known) => typed === known || (ids.includes(known) && typed.startsWith(`${known} `))))
    return;
  const near = nearest(typed, { ids, topics });
  throw new FailureError({
    code: "configuration",
    what: `"${typed}" is not a shopctl command`,
    why: `the nearest is "${near}"`,
    next: [`shopctl ${near} --help`, "shopctl help"],
  });
}

/** A command is compared with as many words as it has, for what follows may be arguments; a topic has none. */
function nearest(
  typed: string,
  { ids, topics }: { readonly ids: readonly string[]; readonly topics: readonly string[] },
): string {
  const distances = [
    ...ids.map((id) => ({ name: id, far: distance(typed.split(" ").slice(0, id.split(" ").length).join(" "), id) })),
    ...topics.map((topic) => ({ name: topic, far: distance(typed, topic) })),
  ];
  return distances.toSorted((a, b) => a.far - b.far)[0]?.name ?? "help";
}

/** Levenshtein's distance. */
function distance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [row, char] of left.split("").entries()) {
    const current = [row + 1];
    for (const [column, other] of right.split("").entries()) {
      const replaced = (previous[column] ?? 0) + (char === other ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
