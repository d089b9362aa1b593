import { expect, it } from "vitest";
import { steps } from "../../../cli/phases/index.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { awsGraph, type GraphResource } from "../../support/aws-graph.ts";

const end = steps.reduce((topology, step) => step.apply(topology), baseline);

interface Statement {
  readonly Principal: { readonly Service?: string | readonly string[] };
  readonly Action: string | readonly string[];
}

it("whoever may send alarms to the topic may use the topic's key, which SNS' own lets nobody", async () => {
  const graph = await awsGraph(end);
  const [topic, key, sending] = ["topic:Topic", "key:Key", "topicPolicy:TopicPolicy"].map((type) => the(graph, type));
  expect(topic?.props["kmsMasterKeyId"]).toBe(`arn:aws:kms:eu-central-1:123456789012:${key?.name}`);
  const senders = [...new Set(statements(sending).flatMap(servicesOf))].toSorted();
  expect(senders).toEqual(["aps.amazonaws.com", "cloudwatch.amazonaws.com"]);
  const users = statements(key).filter(({ Action }) =>
    ["kms:Decrypt", "kms:GenerateDataKey"].every((each) => Action.includes(each)),
  );
  expect(users.flatMap(servicesOf).toSorted()).toEqual(senders);
}, 60_000);

function the(graph: readonly GraphResource[], type: string): GraphResource | undefined {
  const found = graph.filter((resource) => resource.type.endsWith(`/${type}`));
  expect(found, type).toHaveLength(1);
  return found[0];
}

function statements(resource: GraphResource | undefined): readonly Statement[] {
  return (JSON.parse(String(resource?.props["policy"])) as { Statement: Statement[] }).Statement;
}

function servicesOf({ Principal }: Statement): readonly string[] {
  return [Principal.Service ?? []].flat();
}
