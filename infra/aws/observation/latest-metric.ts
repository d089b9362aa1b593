import { GetMetricDataCommand, type CloudWatchClient } from "@aws-sdk/client-cloudwatch";

/** CloudWatch has a minute's value one or two minutes later; an older one says nothing of now. */
const freshMs = 600_000;

/** The newest value of a metric, averaged over its minute; undefined when there is none of the last ten minutes. */
export async function latestMetric(
  cloudWatch: CloudWatchClient,
  metric: { readonly namespace: string; readonly name: string; readonly dimensions: Readonly<Record<string, string>> },
): Promise<number | undefined> {
  const now = Date.now();
  const { MetricDataResults: [found] = [] } = await cloudWatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(now - freshMs),
      EndTime: new Date(now + 60_000),
      ScanBy: "TimestampDescending",
      MetricDataQueries: [
        {
          Id: "latest",
          MetricStat: {
            Metric: {
              Namespace: metric.namespace,
              MetricName: metric.name,
              Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
            },
            Period: 60,
            Stat: "Average",
          },
        },
      ],
    }),
  );
  return found?.Values?.[0];
}
