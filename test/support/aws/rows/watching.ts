import {
  AmpClient,
  CreateLoggingConfigurationCommand,
  CreateRuleGroupsNamespaceCommand,
  CreateWorkspaceCommand,
  DeleteLoggingConfigurationCommand,
  DeleteRuleGroupsNamespaceCommand,
  DeleteWorkspaceCommand,
  DescribeRuleGroupsNamespaceCommand,
  DescribeWorkspaceCommand,
  PutRuleGroupsNamespaceCommand,
} from "@aws-sdk/client-amp";
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type * as aws from "@pulumi/aws";
import { tagList, type Aws } from "../aws-access.ts";
import { keptRow } from "../kept-rows.ts";
import { refuseLogGroup } from "../refusals/logs.ts";
import { row, type Given, type ResourceTable } from "../resource-row.ts";

async function putAlarm(of: Aws, AlarmName: string, inputs: Given<aws.cloudwatch.MetricAlarmArgs>): Promise<void> {
  await of.client(CloudWatchClient).send(
    new PutMetricAlarmCommand({
      AlarmName,
      AlarmDescription: inputs.alarmDescription,
      Namespace: inputs.namespace,
      MetricName: inputs.metricName,
      Dimensions: Object.entries(inputs.dimensions ?? {}).map(([Name, Value]) => ({ Name, Value })),
      Statistic: inputs.statistic as PutMetricAlarmCommandInput["Statistic"],
      ComparisonOperator: inputs.comparisonOperator as PutMetricAlarmCommandInput["ComparisonOperator"],
      Threshold: inputs.threshold,
      Period: inputs.period,
      EvaluationPeriods: inputs.evaluationPeriods,
      TreatMissingData: inputs.treatMissingData,
      AlarmActions: [...((inputs.alarmActions ?? []) as readonly string[])],
      OKActions: [...((inputs.okActions ?? []) as readonly string[])],
      Tags: tagList(of.tags),
    }),
  );
}

async function retain(of: Aws, logGroupName: string, { retentionInDays }: Given<aws.cloudwatch.LogGroupArgs>) {
  if (retentionInDays !== undefined)
    await of.client(CloudWatchLogsClient).send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));
}

/** Logs, alarms and Managed Prometheus. */
export const watching: ResourceTable = {
  "aws:cloudwatch/logGroup:LogGroup": row<aws.cloudwatch.LogGroupArgs>({
    replaceOn: ["name"],
    named: {
      by: "name",
      maxLength: 512,
      page: "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html",
    },
    refuse: refuseLogGroup,
    async create(of, inputs) {
      const { name = "" } = inputs;
      await of
        .client(CloudWatchLogsClient)
        .send(new CreateLogGroupCommand({ logGroupName: name, tags: { ...of.tags } }));
      await retain(of, name, inputs);
      return name;
    },
    async read(of, id) {
      const { logGroups = [] } = await of
        .client(CloudWatchLogsClient)
        .send(new DescribeLogGroupsCommand({ logGroupNamePrefix: id }));
      const found = logGroups.find(({ logGroupName }) => logGroupName === id);
      return found && { name: id, arn: found.arn?.replace(/:\*$/, ""), retentionInDays: found.retentionInDays };
    },
    async update(of, id, inputs) {
      await retain(of, id, inputs);
    },
    async delete(of, logGroupName) {
      await of.client(CloudWatchLogsClient).send(new DeleteLogGroupCommand({ logGroupName }));
    },
  }),
  "aws:cloudwatch/metricAlarm:MetricAlarm": row<aws.cloudwatch.MetricAlarmArgs>({
    replaceOn: ["name"],
    named: {
      by: "name",
      maxLength: 255,
      page: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html",
    },
    async create(of, inputs) {
      const { name = "" } = inputs;
      await putAlarm(of, name, inputs);
      return name;
    },
    async read(of, id) {
      const { MetricAlarms: [found] = [] } = await of
        .client(CloudWatchClient)
        .send(new DescribeAlarmsCommand({ AlarmNames: [id] }));
      return found && { name: id, arn: found.AlarmArn, threshold: found.Threshold };
    },
    async update(of, id, inputs) {
      await putAlarm(of, id, inputs);
    },
    async delete(of, id) {
      await of.client(CloudWatchClient).send(new DeleteAlarmsCommand({ AlarmNames: [id] }));
    },
  }),
  "aws:amp/workspace:Workspace": row<aws.amp.WorkspaceArgs>({
    replaceOn: ["alias", "kmsKeyArn"],
    async create(of, { alias, loggingConfiguration }) {
      const { workspaceId = "" } = await of
        .client(AmpClient)
        .send(new CreateWorkspaceCommand({ alias, tags: { ...of.tags } }));
      if (loggingConfiguration !== undefined)
        await of
          .client(AmpClient)
          .send(new CreateLoggingConfigurationCommand({ workspaceId, logGroupArn: loggingConfiguration.logGroupArn }));
      return workspaceId;
    },
    async read(of, workspaceId) {
      const { workspace } = await of.client(AmpClient).send(new DescribeWorkspaceCommand({ workspaceId }));
      return (
        workspace && { arn: workspace.arn, alias: workspace.alias, prometheusEndpoint: workspace.prometheusEndpoint }
      );
    },
    async delete(of, workspaceId) {
      await of.client(AmpClient).send(new DeleteLoggingConfigurationCommand({ workspaceId }));
      await of.client(AmpClient).send(new DeleteWorkspaceCommand({ workspaceId }));
    },
  }),
  "aws:amp/ruleGroupNamespace:RuleGroupNamespace": row<aws.amp.RuleGroupNamespaceArgs>({
    replaceOn: ["name", "workspaceId"],
    named: {
      by: "name",
      maxLength: 64,
      page: "https://docs.aws.amazon.com/prometheus/latest/APIReference/API_CreateRuleGroupsNamespace.html",
    },
    async create(of, { workspaceId, name = "", data }) {
      await of
        .client(AmpClient)
        .send(new CreateRuleGroupsNamespaceCommand({ workspaceId, name, data: Buffer.from(data) }));
      return `${workspaceId}/${name}`;
    },
    async read(of, id) {
      const [workspaceId, name] = id.split("/");
      const found = await of.client(AmpClient).send(new DescribeRuleGroupsNamespaceCommand({ workspaceId, name }));
      return { arn: found.ruleGroupsNamespace?.arn };
    },
    async update(of, id, { data }) {
      const [workspaceId, name] = id.split("/");
      await of
        .client(AmpClient)
        .send(new PutRuleGroupsNamespaceCommand({ workspaceId, name, data: Buffer.from(data) }));
    },
    async delete(of, id) {
      const [workspaceId, name] = id.split("/");
      await of.client(AmpClient).send(new DeleteRuleGroupsNamespaceCommand({ workspaceId, name }));
    },
  }),
  "aws:amp/alertManagerDefinition:AlertManagerDefinition": keptRow(
    "aws:amp/alertManagerDefinition:AlertManagerDefinition",
    { replaceOn: ["workspaceId"], idOf: ({ workspaceId }) => String(workspaceId) },
  ),
};
