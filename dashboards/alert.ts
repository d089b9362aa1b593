/** An alert: what is wrong for how long, how urgent it is, and what the operator does about it. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: "critical" | "warning" };
  readonly annotations: { readonly summary: string; readonly next: string };
}

/** `critical` is for shoppers who are turned away now, `warning` for what will turn them away. */
export function alert(
  name: string,
  severity: AlertRule["labels"]["severity"],
  condition: { readonly expr: string; readonly for: string },
  annotations: AlertRule["annotations"],
): AlertRule {
  return { alert: name, ...condition, labels: { severity }, annotations };
}
