import { z } from "zod";

const targetsSchema = z.object({
  data: z.object({
    activeTargets: z.array(
      z.object({ labels: z.record(z.string(), z.string()), health: z.enum(["up", "down", "unknown"]) }),
    ),
  }),
});
const rulesSchema = z.object({
  data: z.object({ groups: z.array(z.object({ rules: z.array(z.object({ health: z.string() })) })) }),
});
const alertmanagersSchema = z.object({ data: z.object({ activeAlertmanagers: z.array(z.unknown()) }) });

export interface PrometheusTarget {
  readonly job: string;
  readonly instance: string;
  readonly health: "up" | "down" | "unknown";
}

/** What the Prometheus at a port of this host scrapes. Throws when it does not answer. */
export async function prometheusTargets(port: number): Promise<readonly PrometheusTarget[]> {
  const { data } = targetsSchema.parse(await ask(port, "/api/v1/targets?state=active"));
  return data.activeTargets.map(({ labels, health }) => ({
    job: labels["job"] ?? "",
    instance: labels["instance"] ?? "",
    health,
  }));
}

/** Rules that it evaluates, and how many of them fail. */
export async function prometheusRules(port: number): Promise<{ readonly rules: number; readonly failing: number }> {
  const { data } = rulesSchema.parse(await ask(port, "/api/v1/rules"));
  const rules = data.groups.flatMap((group) => group.rules);
  return { rules: rules.length, failing: rules.filter(({ health }) => health === "err").length };
}

/** How many Alertmanagers it sends alerts to. */
export async function alertReceivers(port: number): Promise<number> {
  return alertmanagersSchema.parse(await ask(port, "/api/v1/alertmanagers")).data.activeAlertmanagers.length;
}

/** How its last attempt to load a configuration went, and when the last one succeeded, in seconds since 1970. */
export async function lastReload(port: number): Promise<{ readonly ok: boolean; readonly succeededAt: number }> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(2_000) });
  const text = await response.text();
  const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
  return {
    ok: value("prometheus_config_last_reload_successful") === 1,
    succeededAt: value("prometheus_config_last_reload_success_timestamp_seconds"),
  };
}

/** Whether a server of the Prometheus family at this port is ready. */
export async function isReady(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/-/ready`, { signal: AbortSignal.timeout(2_000) });
  await response.body?.cancel();
  return response.ok;
}

async function ask(port: number, path: string): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(2_000) });
  return response.json();
}
