import type { OperationResult } from "../../infra/engine/engine.ts";
import type { ProcessObservation } from "../../infra/target.ts";

export type Component = ProcessObservation["component"];

/** Resource types that stand for processes. */
const components: Readonly<Record<string, Component>> = {
  "shopctl:local:PostgresServer": "postgres",
  "shopctl:local:PgBouncer": "pgbouncer",
  "shopctl:local:Redis": "redis",
  "shopctl:local:Router": "router",
  "shopctl:local:ServiceInstance": "web",
  "shopctl:local:MailSink": "mail-sink",
  "shopctl:local:BackupSchedule": "backup-schedule",
};

/** Components of which a previewed update may end processes; those of all others must live through it. */
export function touchedComponents(steps: OperationResult["steps"]): ReadonlySet<Component> {
  return new Set(steps.filter(({ operation }) => operation !== "same").flatMap(({ type }) => components[type] ?? []));
}
