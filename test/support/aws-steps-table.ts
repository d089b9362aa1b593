import { steps, type StepId } from "../../cli/phases/index.ts";
import type { GraphResource } from "./aws-graph.ts";

interface Interruption {
  readonly expected: string;
  /** AWS' own page for it. */
  readonly page: string;
}

const ecs = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html";
const rds = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide";
const rolling: Interruption = { expected: "none: new tasks are healthy before old ones drain", page: ecs };
const beside: Interruption = {
  expected: "none: a task of its own works beside the traffic",
  page: `${ecs.slice(0, ecs.lastIndexOf("/"))}/standalone-tasks.html`,
};

/** What shoppers may notice, as AWS describes it. */
const interruptions: Readonly<Record<StepId, Interruption>> = {
  "connection-pooler": rolling,
  "tier-standard": rolling,
  "database-paid": {
    expected: "the switch of blue/green: usually under a minute in which writes wait or fail",
    page: `${rds}/blue-green-deployments-overview.html`,
  },
  "cache-redis": rolling,
  "email-sendgrid": rolling,
  "rate-limits-raised": rolling,
  "tier-pro": rolling,
  "database-indexes": beside,
  "email-queue": rolling,
  cdn: {
    expected:
      "none: both entrances serve until resolvers (an alias is kept for 60 s) and connections (120 s at the load balancer) have left the former one; only who keeps it longer is refused",
    page: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html",
  },
  monitoring: rolling,
  "read-replicas": {
    expected: "a short suspension of the database's I/O while RDS takes the snapshot",
    page: `${rds}/USER_ReadRepl.html`,
  },
  partitioning: beside,
  "load-balancing": {
    expected: "none; slower writes while the standby is made",
    page: `${rds}/Concepts.MultiAZSingleStandby.html`,
  },
  archiving: beside,
  "query-optimisation": rolling,
};

/** Rows of the README's table, one a step, from the graphs of the baseline and of after each step. */
export function awsStepRows(graphs: readonly (readonly GraphResource[])[]): readonly string[] {
  return steps.map(({ id }, at) => {
    const { made, changed, removed } = differences(graphs[at] ?? [], graphs[at + 1] ?? []);
    const { expected, page } = interruptions[id];
    return `| ${[id, made, changed, removed, `[${expected}](${page})`].join(" | ")} |`;
  });
}

/** Resource types of shopctl's own provider. */
const ownTypes = ["shopctl:aws:TaskRun", "shopctl:aws:Settling"];

function differences(
  before: readonly GraphResource[],
  after: readonly GraphResource[],
): Readonly<Record<"made" | "changed" | "removed", string>> {
  const own = (graph: readonly GraphResource[]): Map<string, GraphResource> =>
    new Map(
      graph
        .filter(({ type, provider }) => provider !== "" || ownTypes.includes(type))
        .map((resource) => [`${resource.type} ${resource.name}`, resource]),
    );
  const [was, is] = [own(before), own(after)];
  const text = (resource: GraphResource | undefined): string => JSON.stringify(resource?.props);
  return {
    made: listed([...is].filter(([key]) => !was.has(key))),
    changed: listed([...is].filter(([key, resource]) => was.has(key) && text(was.get(key)) !== text(resource))),
    removed: listed([...was].filter(([key]) => !is.has(key))),
  };
}

/** `2 ecs.Service, rds.Instance`. */
function listed(entries: readonly (readonly [string, GraphResource])[]): string {
  const kinds = entries.map(([, { type }]) => {
    const [, module = "", kind = ""] = type.split(":");
    return `${module.split("/")[0]}.${kind}`;
  });
  const counts = [...Map.groupBy(kinds, (kind) => kind)].map(([kind, all]) => [kind, all.length] as const);
  const words = counts
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([kind, count]) => (count === 1 ? kind : `${count} ${kind}`));
  return words.length === 0 ? "–" : words.join(", ");
}
