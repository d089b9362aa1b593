import { z } from "zod";
import type { Observation, ProcessObservation } from "../../observation.ts";
import { awsSigner } from "../sign-request.ts";
import type { AwsView } from "./clients.ts";

const timeoutMs = 10_000;
const upSchema = z.object({
  data: z.object({
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
});
const rulesSchema = z.object({
  data: z.object({ groups: z.array(z.object({ rules: z.array(z.object({ health: z.string() })) })) }),
});

export interface ObservedMonitoring {
  readonly monitoring: NonNullable<Observation["monitoring"]>;
  readonly processes: readonly ProcessObservation[];
}

/** What the workspace of Managed Prometheus says of itself by its own API; undefined where there is none or it does not answer. */
export async function observeMonitoring(view: AwsView, region: string): Promise<ObservedMonitoring | undefined> {
  const { prometheus } = view.handles;
  if (prometheus === undefined) return undefined;
  const ask = asker(prometheus, region);
  const [up, rules, alerts] = await Promise.all([
    ask("api/v1/query?query=up"),
    ask("api/v1/rules"),
    ask("alertmanager/api/v2/status"),
  ]);
  if (up === undefined || rules === undefined) return undefined;
  const all = rulesSchema.parse(rules).data.groups.flatMap((group) => group.rules);
  return {
    monitoring: {
      targets: upSchema.parse(up).data.result.map(({ metric, value: [, value] }) => ({
        job: metric["job"] ?? "",
        instance: metric["instance"] ?? "",
        health: value === "1" ? "up" : "down",
      })),
      rules: all.length,
      failingRules: all.filter(({ health }) => health === "err").length,
      alertReceivers: alerts === undefined ? 0 : 1,
    },
    processes: [
      { name: "managed-prometheus", component: "prometheus", state: "up" },
      { name: "managed-alertmanager", component: "alertmanager", state: alerts === undefined ? "down" : "up" },
    ],
  };
}

/** Undefined for what is not answered with 200. */
function asker(endpoint: string, region: string): (path: string) => Promise<unknown> {
  const sign = awsSigner(region);
  return async (path) => {
    const url = new URL(path, endpoint);
    const headers = await sign({ url, method: "GET", headers: {}, body: "" });
    const response = await fetch(url, { headers: { ...headers }, signal: AbortSignal.timeout(timeoutMs) });
    if (response.ok) return await response.json();
    await response.body?.cancel();
    return undefined;
  };
}
