import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { logRetentionDays } from "./cluster.ts";
import type { Alerts } from "./alerts.ts";

/** Amazon Managed Prometheus, which the tasks' collectors write to, with the shop's rules and alerts that reach people. */
export class Monitoring extends pulumi.ComponentResource {
  readonly workspace: aws.amp.Workspace;

  constructor(
    name: string,
    { rules, alerts, region }: { readonly rules: string; readonly alerts: Alerts; readonly region: string },
    options: pulumi.ComponentResourceOptions,
  ) {
    super("shopctl:aws:Monitoring", name, {}, options);
    const inside = { parent: this };
    const logs = new aws.cloudwatch.LogGroup(`${name}-prometheus`, { retentionInDays: logRetentionDays }, inside);
    this.workspace = new aws.amp.Workspace(
      name,
      { alias: name, loggingConfiguration: { logGroupArn: pulumi.interpolate`${logs.arn}:*` } },
      inside,
    );
    const workspaceId = this.workspace.id;
    new aws.amp.RuleGroupNamespace(name, { workspaceId, data: rules }, inside);
    new aws.amp.AlertManagerDefinition(
      name,
      { workspaceId, definition: alerts.topicArn.apply((topic) => alertManager(topic, region)) },
      inside,
    );
    alerts.allowFrom("aps.amazonaws.com", this.workspace.arn);
    this.registerOutputs();
  }
}

/** YAML is a superset of JSON, so that nothing needs quoting by hand. */
function alertManager(topicArn: string, region: string): string {
  const config = {
    route: { receiver: "operator", group_by: ["alertname"], repeat_interval: "4h" },
    receivers: [{ name: "operator", sns_configs: [{ topic_arn: topicArn, sigv4: { region }, send_resolved: true }] }],
  };
  return JSON.stringify({ alertmanager_config: JSON.stringify(config) });
}
