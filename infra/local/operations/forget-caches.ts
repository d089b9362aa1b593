import { internalRoutes } from "../../../service/contract/routes.ts";
import type { PathPlan } from "../../environment/environment.ts";
import { poll } from "../host/poll.ts";
import type { LiveInstance } from "../observation/live-instances.ts";
import { liveInstances } from "../observation/live-instances.ts";
import { OperationError } from "../../operation-error.ts";

const timeoutMs = 15_000;

/**
 * Makes every instance forget what it has cached, in itself and in the cache that they share. Throws OperationError
 * `failed` with the instances that did not say so.
 */
export async function forgetCaches(paths: PathPlan): Promise<void> {
  const instances = liveInstances(paths);
  const done = await Promise.all(
    instances.map((instance) => poll(() => forget(paths, instance), { timeoutMs, intervalMs: 200 })),
  );
  const silent = instances.filter((_instance, at) => done[at] === undefined).map(({ name }) => name);
  if (silent.length > 0)
    throw new OperationError("failed", `${silent.join(", ")} did not forget what they have cached`);
}

async function forget(paths: PathPlan, { name, internalPort }: LiveInstance): Promise<true | undefined> {
  // One that has ended meanwhile took its memory with it.
  if (!liveInstances(paths).some((instance) => instance.name === name)) return true;
  const response = await fetch(`http://127.0.0.1:${internalPort}${internalRoutes.forget}`, {
    method: "POST",
    signal: AbortSignal.timeout(5_000),
  });
  await response.body?.cancel();
  return response.ok || undefined;
}
