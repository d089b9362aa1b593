import { parser } from "@prometheus-io/lezer-promql";
import type { SyntaxNode } from "@lezer/common";

/** Series of a shop that the environment's own Prometheus, or a direct scrape, wrote. */
export const ownSelector = 'job="shop"';

const matcherKinds = ["UnquotedLabelMatcher", "QuotedLabelMatcher"];

/** A query that is no PromQL; of a row of ours that is a fault, of a person's `--selector` it is theirs. */
export class PromqlError extends Error {
  constructor(query: string, at: number) {
    super(`not PromQL, from character ${at + 1} on: ${query}`);
    this.name = "PromqlError";
  }
}

/** Throws PromqlError unless the whole text is PromQL. */
export function checkPromql(query: string): void {
  parse(query);
}

/**
 * A query with further matchers in every selector, e.g. `job="shop",environment="prod"`; a selector that says something of
 * the same label itself keeps its own. This is what `--selector` does.
 */
export function withMatchers(query: string, matchers: string): string {
  const added = matchersOf(matchers);
  const inserts: { readonly at: number; readonly text: string }[] = [];
  parse(query).iterate({
    enter: ({ node, name }) => {
      if (name === "VectorSelector") inserts.push(...insertInto(node, query, added));
    },
  });
  return inserts
    .toSorted((left, right) => right.at - left.at)
    .reduce((text, { at, text: insert }) => text.slice(0, at) + insert + text.slice(at), query);
}

function insertInto(
  selector: SyntaxNode,
  query: string,
  added: readonly { readonly label: string; readonly text: string }[],
): readonly { readonly at: number; readonly text: string }[] {
  const own = selector.getChild("LabelMatchers");
  const said = own === null ? [] : matchersIn(own, query).map(({ label }) => label);
  const missing = added.filter(({ label }) => !said.includes(label)).map(({ text }) => text);
  if (missing.length === 0) return [];
  if (own === null) return [{ at: selector.to, text: `{${missing.join(",")}}` }];
  return [{ at: own.from + 1, text: said.length === 0 ? missing.join(",") : `${missing.join(",")},` }];
}

/** The matchers of a person's selector: `job="shop"`, with or without braces. Throws PromqlError. */
function matchersOf(matchers: string): readonly { readonly label: string; readonly text: string }[] {
  const query = `{${matchers.trim().replace(/^\{(.*)\}$/s, "$1")}}`;
  const selector = parse(query).topNode.firstChild;
  const list = selector?.getChild("LabelMatchers");
  if (selector?.name !== "VectorSelector" || !list) throw new PromqlError(matchers, 0);
  return matchersIn(list, query);
}

function matchersIn(list: SyntaxNode, query: string): readonly { readonly label: string; readonly text: string }[] {
  return matcherKinds
    .flatMap((kind) => list.getChildren(kind))
    .map((matcher) => {
      const name = matcher.getChild("LabelName") ?? matcher.firstChild;
      return {
        label: name === null ? "" : query.slice(name.from, name.to),
        text: query.slice(matcher.from, matcher.to),
      };
    });
}

function parse(query: string): ReturnType<typeof parser.parse> {
  const tree = parser.parse(query);
  tree.iterate({
    enter: ({ type, from }) => {
      if (type.isError) throw new PromqlError(query, from);
    },
  });
  return tree;
}
