import { nodeArguments } from "./node-arguments.ts";
import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { shopEnv } from "../../../../service/contract/env.ts";
import { internalRoutes } from "../../../../service/contract/routes.ts";
import { pathPlanSchema } from "../../../environment/environment.ts";
import { osUser } from "../../host/os-users.ts";
import { componentPlaces } from "../../layout.ts";
import { claimPorts, releasePorts } from "../../supervision/port-claims.ts";
import type { PortPair } from "../../supervision/port-claims.ts";
import { pruneInstanceLogs } from "../../supervision/prune-logs.ts";
import { removeService } from "../../supervision/remove-service.ts";
import type { ServiceDefinition } from "../../supervision/service-definition.ts";
import { ensureService } from "../../supervision/service-folder.ts";
import { answersOk } from "../../supervision/answers-ok.ts";
import { waitForHealth } from "../../supervision/wait-for-health.ts";
import { compareService } from "../../observation/compare-service.ts";
import type { ResourceHandler } from "../resource-handler.ts";

const inputs = z.strictObject({
  paths: pathPlanSchema,
  ports: z.strictObject({ first: z.int(), count: z.int() }),
  /** Place among the instances, from 1; part of the name. */
  slot: z.int().min(1),
  releaseFolder: z.string(),
  cpu: z.number(),
  memoryMiB: z.number(),
  /** Time to become ready, and to stop before it is killed, in ms. */
  readyTimeoutMs: z.int(),
  stopTimeoutMs: z.int(),
  /** Configuration by the names of `service/contract/env.ts`. */
  variables: z.record(z.string(), z.string()),
  secretVariables: z.record(z.string(), z.string()),
});
export type ServiceInstanceInputs = z.infer<typeof inputs>;
export const serviceInstanceOutputs = z.object({
  instance: z.string(),
  httpPort: z.int(),
  internalPort: z.int(),
  incarnation: z.string(),
});

/** One process of the shop. Never changed: another input is another instance, ready before this one is removed. */
export const serviceInstance: ResourceHandler<ServiceInstanceInputs, z.infer<typeof serviceInstanceOutputs>> = {
  inputs,
  replacedBy: "all",
  ignored: ["readyTimeoutMs", "stopTimeoutMs"],
  async create(wanted) {
    const instance = instanceName(wanted);
    const incarnation = randomUUID();
    const ports = await claimPorts(componentPlaces(wanted.paths).portClaims, instance, wanted.ports);
    try {
      await ensureService(wanted.paths, definitionOf(instance, wanted, ports), incarnation);
      await waitUntilReady(instance, ports, wanted);
    } catch (error) {
      await removeInstance(wanted, instance, incarnation, 2_000);
      throw error;
    }
    return { id: instance, outputs: { instance, httpPort: ports.http, internalPort: ports.internal, incarnation } };
  },
  // Only time limits can change in place, and nothing runs by them.
  update: async (_wanted, { instance, httpPort, internalPort, incarnation }) => ({
    instance,
    httpPort,
    internalPort,
    incarnation,
  }),
  exists: async ({ paths, instance }) => existsSync(join(paths.services, instance)),
  observe({ instance, httpPort: http, internalPort: internal, incarnation: _own, ...wanted }) {
    return compareService(wanted.paths, definitionOf(instance, wanted, { http, internal }), [http, internal]);
  },
  remove: (state) => removeInstance(state, state.instance, state.incarnation, state.stopTimeoutMs),
};

/** The same inputs give the same name, so that a rerun finds what a killed run began. */
export function instanceName(wanted: ServiceInstanceInputs): string {
  const { slot, readyTimeoutMs: _ready, stopTimeoutMs: _stop, paths: _paths, ports: _ports, ...identity } = wanted;
  const digest = createHash("sha256")
    .update(JSON.stringify(sorted(identity)))
    .digest("hex");
  return `web-${slot}-${digest.slice(0, 8)}`;
}

function sorted(value: object): unknown {
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, inner]) => [key, typeof inner === "object" && inner !== null ? sorted(inner) : inner]);
}

function definitionOf(instance: string, wanted: ServiceInstanceInputs, ports: PortPair): ServiceDefinition {
  return {
    name: instance,
    component: "web",
    command: [
      join(wanted.releaseFolder, "node"),
      ...nodeArguments(wanted.memoryMiB),
      join(wanted.releaseFolder, "main.js"),
    ],
    user: osUser("shopctl"),
    limits: { cpu: wanted.cpu, memoryMiB: wanted.memoryMiB },
    facts: { httpPort: ports.http, internalPort: ports.internal },
    variables: {
      ...wanted.variables,
      ...wanted.secretVariables,
      NODE_ENV: "production",
      [shopEnv.instance]: instance,
      [shopEnv.httpPort]: String(ports.http),
      [shopEnv.internalPort]: String(ports.internal),
    },
  };
}

function waitUntilReady(instance: string, ports: PortPair, wanted: ServiceInstanceInputs): Promise<void> {
  const url = `http://127.0.0.1:${ports.internal}${internalRoutes.ready}`;
  return waitForHealth({
    paths: wanted.paths,
    name: instance,
    timeoutMs: wanted.readyTimeoutMs,
    // An instance is never changed: who asks again adopts it.
    replaced: undefined,
    consequence: `asked at ${url}; it was removed and the router was not touched`,
    isHealthy: () => answersOk(url),
  });
}

async function removeInstance(
  wanted: ServiceInstanceInputs,
  instance: string,
  incarnation: string,
  stopTimeoutMs: number,
): Promise<void> {
  await removeService(wanted.paths, instance, { stopTimeoutMs, incarnation });
  if (existsSync(join(wanted.paths.services, instance))) return;
  await releasePorts(componentPlaces(wanted.paths).portClaims, instance);
  await pruneInstanceLogs(wanted.paths);
}
