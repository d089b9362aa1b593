import { AmpClient, DescribeRuleGroupsNamespaceCommand, ListRuleGroupsNamespacesCommand } from "@aws-sdk/client-amp";
import { z } from "zod";
import type { Aws } from "./aws-access.ts";
import { readKept } from "./kept-rows.ts";

/** Texts of the rule groups that a workspace has, one a namespace. */
export async function rulesOf(of: Aws, workspaceId: string): Promise<readonly string[]> {
  const client = of.client(AmpClient);
  const { ruleGroupsNamespaces = [] } = await client.send(new ListRuleGroupsNamespacesCommand({ workspaceId }));
  const texts = ruleGroupsNamespaces.map(async ({ name }) => {
    const found = await client.send(new DescribeRuleGroupsNamespaceCommand({ workspaceId, name }));
    return Buffer.from(found.ruleGroupsNamespace?.data ?? []).toString();
  });
  return await Promise.all(texts);
}

const definitionSchema = z.object({ definition: z.string() });
const wrappedSchema = z.object({ alertmanager_config: z.string() });
const configSchema = z.looseObject({
  receivers: z.array(z.looseObject({ sns_configs: z.array(z.looseObject({})).optional() })),
});

/**
 * A workspace's own definition as Alertmanager takes it: unpacked, and with the emulator as the place that notes are sent to.
 * Throws where the workspace has none: then nobody would be told.
 */
export function alertmanagerConfig(workspaceId: string): string {
  const kept = readKept("aws:amp/alertManagerDefinition:AlertManagerDefinition", workspaceId);
  const { alertmanager_config: text } = wrappedSchema.parse(JSON.parse(definitionSchema.parse(kept).definition));
  const config = configSchema.parse(JSON.parse(text));
  const receivers = config.receivers.map(({ sns_configs: topics = [], ...receiver }) => ({
    ...receiver,
    sns_configs: topics.map((topic) => ({ ...topic, api_url: process.env["AWS_ENDPOINT_URL"] })),
  }));
  return JSON.stringify({ ...config, receivers });
}
