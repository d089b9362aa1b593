import { parser } from "@prometheus-io/lezer-promql";

/** Names of the metrics that a PromQL query asks for; throws when it is none. */
export function metricsIn(query: string): readonly string[] {
  const names: string[] = [];
  parser.parse(query).iterate({
    enter: ({ name, node }) => {
      if (node.type.isError) throw new Error(`not PromQL, from character ${node.from + 1} on: ${query}`);
      if (name !== "VectorSelector") return;
      const identifier = node.getChild("Identifier");
      if (identifier !== null) names.push(query.slice(identifier.from, identifier.to));
    },
  });
  return names;
}
