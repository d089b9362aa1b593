import { join } from "node:path";
import { z } from "zod";
import { pathPlanSchema } from "../../../environment/environment.ts";
import { currentUser } from "../../host/os-users.ts";
import { processNames } from "../../layout.ts";
import { compareService } from "../../observation/compare-service.ts";
import { guardIsAwake } from "../../replication/guard/guard-sign.ts";
import type { ServiceDefinition } from "../../supervision/service-definition.ts";
import { ensureService } from "../../supervision/service-folder.ts";
import { waitForHealth } from "../../supervision/wait-for-health.ts";
import type { ResourceHandler } from "../resource-handler.ts";
import { supervisedProcess } from "../supervised-process.ts";

const inputs = z.strictObject({ paths: pathPlanSchema, poolerPort: z.int(), releaseFolder: z.string() });
type Inputs = z.infer<typeof inputs>;
export const replicationGuardOutputs = z.object({ incarnation: z.string() });

const startTimeoutMs = 10_000;
/** A copy that is cut off begins anew. */
const stopTimeoutMs = 5_000;

/** The process that puts a follower in a dead primary's place, and makes servers follow again that cannot by themselves. */
export const replicationGuard: ResourceHandler<Inputs, z.infer<typeof replicationGuardOutputs>> = {
  inputs,
  replacedBy: [],
  ignored: [],
  ...supervisedProcess<Inputs>({ name: () => processNames.replicationGuard, stopTimeoutMs, start }),
  observe: (state) => compareService(state.paths, definitionOf(state), []),
};

async function start(wanted: Inputs, incarnation: string): Promise<void> {
  const startedAt = Date.now();
  const { replaced } = await ensureService(wanted.paths, definitionOf(wanted), incarnation);
  await waitForHealth({
    paths: wanted.paths,
    name: processNames.replicationGuard,
    timeoutMs: startTimeoutMs,
    replaced,
    isHealthy: () => guardIsAwake(wanted.paths, startedAt),
  });
}

/** It runs as whoever runs shopctl, for it stops and starts servers. */
function definitionOf({ paths, poolerPort, releaseFolder }: Inputs): ServiceDefinition {
  return {
    name: processNames.replicationGuard,
    component: "replication-guard",
    command: [join(releaseFolder, "node"), join(releaseFolder, "index.js")],
    user: currentUser(),
    variables: { GUARD_PATHS: JSON.stringify(paths), GUARD_POOLER_PORT: String(poolerPort) },
  };
}
