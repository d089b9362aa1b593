import type { Alarm } from "./components/alarms.ts";
import type { Database } from "./components/database.ts";
import type { LoadBalancer } from "./components/load-balancer.ts";

const gib = 1_073_741_824;
/**
 * `ReplicaLag` is the age of the last transaction that was replayed: without writers it grows to five minutes, however close
 * the replica is. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PostgreSQL.Replication.ReadReplicas.Monitor.html
 */
const quietLagSeconds = 600;

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
      name: "no-answer",
      means:
        "The load balancer itself answers more than one request a second with a 5xx: no task does, or not in time.",
      namespace: "AWS/ApplicationELB",
      metric: "HTTPCode_ELB_5XX_Count",
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
      // By each node of the balancer: that none of them sees one.
      statistic: "Maximum",
      under: 1,
      // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html: reported
      // while targets are registered.
      orSilent: true,
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
      means: "A replica has replayed nothing for ten minutes; the shop reads no longer from one that is behind.",
      namespace: "AWS/RDS",
      metric: "ReplicaLag",
      dimensions: { DBInstanceIdentifier: replica.identifier },
      statistic: "Maximum" as const,
      over: quietLagSeconds,
    })),
  ];
}
