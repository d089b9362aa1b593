import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Alerts } from "./alerts.ts";

export interface Alarm {
  readonly name: string;
  /** What it means and what to look at, in one sentence. */
  readonly means: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  readonly statistic: "Average" | "Maximum" | "Minimum" | "Sum";
  readonly over?: number;
  readonly under?: number;
  /** Whether minutes of which AWS says nothing are minutes in which it is so. */
  readonly orSilent?: boolean;
}

const periodSeconds = 60;
const periods = 5;

/** Alarms of CloudWatch on what stands outside the tasks and so says nothing to Prometheus: balancer, database, Redis. */
export class Alarms extends pulumi.ComponentResource {
  constructor(
    name: string,
    { alarms, alerts }: { readonly alarms: readonly Alarm[]; readonly alerts: Alerts },
    options: pulumi.ComponentResourceOptions,
  ) {
    super("shopctl:aws:Alarms", name, {}, options);
    for (const alarm of alarms) {
      const { arn } = new aws.cloudwatch.MetricAlarm(
        `${name}-${alarm.name}`,
        {
          alarmDescription: alarm.means,
          namespace: alarm.namespace,
          metricName: alarm.metric,
          dimensions: { ...alarm.dimensions },
          statistic: alarm.statistic,
          comparisonOperator: alarm.over === undefined ? "LessThanThreshold" : "GreaterThanThreshold",
          threshold: alarm.over ?? alarm.under ?? 0,
          period: periodSeconds,
          evaluationPeriods: periods,
          treatMissingData: alarm.orSilent === true ? "breaching" : "notBreaching",
          alarmActions: [alerts.topicArn],
          okActions: [alerts.topicArn],
        },
        { parent: this },
      );
      alerts.allowFrom("cloudwatch.amazonaws.com", arn);
    }
    this.registerOutputs();
  }
}
