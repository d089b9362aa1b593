import type { Command, Config } from "@oclif/core";
import { FailureError } from "./errors/failure.ts";

/**
 * Refuses a command that does not exist, naming the nearest that does where one is near, and words that a command does not
 * take; never asks, so that scripts fail at once.
 */
export function suggestCommand(config: Pick<Config, "commands">, argv: readonly string[]): void {
  const words = argv.slice(0, argv.findIndex((word) => word.startsWith("-")) >>> 0);
  if (words.length === 0 || words[0] === "help") return;
  const commands = config.commands.filter(({ hidden }) => !hidden);
  const ids = commands.map(({ id }) => id.replaceAll(":", " "));
  const topics = ids.map((id) => id.split(" ").slice(0, -1).join(" ")).filter((topic) => topic !== "");
  const typed = words.join(" ");
  if ([...ids, ...topics].includes(typed)) return;
  const asked = ids.filter((id) => typed.startsWith(`${id} `)).toSorted((a, b) => b.length - a.length)[0];
  const command = commands.find(({ id }) => id.replaceAll(":", " ") === asked);
  if (asked === undefined || command === undefined) throw unknownCommand(typed, nearest(typed, ids, topics), topics);
  if (Object.keys(command.args).length > 0) return;
  const below = nearest(
    typed,
    ids.filter((id) => id.startsWith(`${asked} `)),
  );
  throw below === undefined
    ? unwantedWord(command, asked, typed.slice(asked.length + 1))
    : unknownCommand(typed, below, topics);
}

function unknownCommand(typed: string, near: string | undefined, topics: readonly string[]): FailureError {
  const topic = topics.find((one) => typed.startsWith(`${one} `));
  const help = near ?? topic;
  return new FailureError({
    code: "configuration",
    what: `"${typed}" is not a shopctl command`,
    why: near === undefined ? "none is near it" : `the nearest is "${near}"`,
    next: [...(help === undefined ? [] : [`shopctl ${help} --help`]), "shopctl help"],
  });
}

/** A word behind a command that takes none, e.g. a step without `--step`. */
function unwantedWord({ flags }: Pick<Command.Loadable, "flags">, asked: string, extra: string): FailureError {
  const named = (["step", "env"] as const).filter((flag) => flag in flags).map((flag) => `--${flag} ${extra}`);
  return new FailureError({
    code: "configuration",
    what: `\`shopctl ${asked}\` takes no "${extra}"`,
    why: named.length === 0 ? "it has flags only" : `if that names what it is about, say ${named.join(" or ")}`,
    next: [...named.map((flag) => `shopctl ${asked} ${flag}`), `shopctl ${asked} --help`],
  });
}

/**
 * The nearest of the commands and topics that a slip of the hand makes of what was typed; undefined when none is that near. A
 * command is compared with as many words as it has, for what follows may be arguments; a topic has none.
 */
function nearest(typed: string, ids: readonly string[], topics: readonly string[] = []): string | undefined {
  const asFar = (id: string): string => typed.split(" ").slice(0, id.split(" ").length).join(" ");
  return [
    ...ids.map((id) => ({ name: id, far: distance(asFar(id), id) })),
    ...topics.map((topic) => ({ name: topic, far: distance(typed, topic) })),
  ]
    .filter(({ name, far }) => far <= Math.max(2, Math.floor(name.length / 4)))
    .toSorted((left, right) => left.far - right.far)[0]?.name;
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
