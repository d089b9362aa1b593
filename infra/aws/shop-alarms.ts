import type { Alarm } from "./components/alarms.ts";
import type { Database } from "./components/database.ts";
import type { LoadBalancer } from "./components/load-balancer.ts";

const gib = 1_073_741_824;

/** What CloudWatch watches, because it stands outside the tasks. */
export function shopAlarms({ balancer, targets }: LoadBalancer, { primary, replicas }: Database): readonly Alarm[] {
  const balanced = { LoadBalancer: balancer.arnSuffix };
  const database = { DBInstanceIdentifier: primary.identifier };
  return [
    {
      name: "errors",
      means: "More than one answer a second is a 5xx of the shop.",
      namespace: "AWS/ApplicationELB",
      metric: "HTTPCode_Target_5XX_Count",
      dimensions: balanced,
      statistic: "Sum",
      over: 60,
    },
    {
      name: "no-task",
      means: "No task is healthy: the shop is down.",
      namespace: "AWS/ApplicationELB",
      metric: "HealthyHostCount",
      dimensions: { ...balanced, TargetGroup: targets.arnSuffix },
      statistic: "Minimum",
      under: 1,
    },
    {
      name: "database-cpu",
      means: "The database's CPU is over 80%; `shopctl scale recommend` says which step helps.",
      namespace: "AWS/RDS",
      metric: "CPUUtilization",
      dimensions: database,
      statistic: "Average",
      over: 80,
    },
    {
      name: "database-storage",
      means: "Less than 2 GiB of the database's storage are free.",
      namespace: "AWS/RDS",
      metric: "FreeStorageSpace",
      dimensions: database,
      statistic: "Minimum",
      under: 2 * gib,
    },
    ...replicas.map((replica, at) => ({
      name: `replica-${at + 1}-lag`,
      means: "A replica is more than 30 s behind; the shop reads from it no longer.",
      namespace: "AWS/RDS",
      metric: "ReplicaLag",
      dimensions: { DBInstanceIdentifier: replica.identifier },
      statistic: "Maximum" as const,
      over: 30,
    })),
  ];
}
