import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { shopEnv } from "../../../../service/contract/env.ts";
import { internalRoutes } from "../../../../service/contract/routes.ts";
import { pathPlanSchema } from "../../../environment/environment.ts";
import { osUser } from "../../host/os-users.ts";
import { componentPlaces, processNames } from "../../layout.ts";
import { compareService } from "../../observation/compare-service.ts";
import { answers } from "../../postgres/admin-connection.ts";
import { deliverRest } from "../../release/deliver-rest.ts";
import { findShopRelease } from "../../release/shop-release.ts";
import type { ServiceDefinition } from "../../supervision/service-definition.ts";
import { ensureService } from "../../supervision/service-folder.ts";
import { answersOk } from "../../supervision/answers-ok.ts";
import { waitForHealth } from "../../supervision/wait-for-health.ts";
import type { ResourceHandler, Say } from "../resource-handler.ts";
import { supervisedProcess } from "../supervised-process.ts";
import { nodeArguments } from "./node-arguments.ts";

const inputs = z.strictObject({
  paths: pathPlanSchema,
  /** Port of its metrics and health. */
  port: z.int(),
  databasePort: z.int(),
  releaseFolder: z.string(),
  cpu: z.number(),
  memoryMiB: z.number(),
  /** Configuration by the names of `service/contract/env.ts`. */
  variables: z.record(z.string(), z.string()),
  secretVariables: z.record(z.string(), z.string()),
});
type Inputs = z.infer<typeof inputs>;
export const mailWorkerOutputs = z.object({ incarnation: z.string() });

/** Starting at a part of a core takes seconds. */
const startTimeoutMs = 60_000;
/** It finishes the mails in hand, for up to 15 s, and lets go of everything. */
const stopTimeoutMs = 25_000;

const life = supervisedProcess<Inputs>({ name: () => processNames.mailWorker, stopTimeoutMs, start });

/**
 * Delivers the mail that requests wrote down. Another configuration or release restarts it in place: mail waits in the
 * outbox meanwhile. When it goes, whatever is left there is sent first, because nobody will come for it.
 */
export const mailWorker: ResourceHandler<Inputs, z.infer<typeof mailWorkerOutputs>> = {
  inputs,
  replacedBy: [],
  ignored: [],
  ...life,
  observe: (state) => compareService(state.paths, definitionOf(state), [state.port]),
  async remove(state, say) {
    await life.remove(state, say);
    // A later creation owns it now, and delivers.
    if (!existsSync(join(state.paths.services, processNames.mailWorker))) await emptyOutbox(state, say);
  },
};

async function start(wanted: Inputs, incarnation: string): Promise<void> {
  const { replaced } = await ensureService(wanted.paths, definitionOf(wanted), incarnation);
  await waitForHealth({
    paths: wanted.paths,
    name: processNames.mailWorker,
    timeoutMs: startTimeoutMs,
    replaced,
    isHealthy: () => answersOk(`http://127.0.0.1:${wanted.port}${internalRoutes.ready}`),
  });
}

function definitionOf(wanted: Inputs): ServiceDefinition {
  return {
    name: processNames.mailWorker,
    component: "mail-worker",
    command: [
      join(wanted.releaseFolder, "node"),
      ...nodeArguments(wanted.memoryMiB),
      join(wanted.releaseFolder, "worker.js"),
    ],
    user: osUser("shopctl"),
    limits: { cpu: wanted.cpu, memoryMiB: wanted.memoryMiB },
    facts: { internalPort: wanted.port },
    variables: {
      ...wanted.variables,
      ...wanted.secretVariables,
      NODE_ENV: "production",
      [shopEnv.instance]: processNames.mailWorker,
      [shopEnv.internalPort]: String(wanted.port),
    },
  };
}

async function emptyOutbox(state: Inputs, say: Say): Promise<void> {
  const { paths, databasePort, variables, secretVariables } = state;
  const releaseFolder = [state.releaseFolder, findShopRelease(paths.releases)].find(
    (folder) => folder !== undefined && existsSync(join(folder, "deliver.js")),
  );
  const database = { sockets: componentPlaces(paths).postgres.sockets, port: databasePort };
  // A database that does not answer keeps its outbox; `env destroy` takes it away with the mail in it.
  if (releaseFolder === undefined || !(await answers(database))) return;
  const { sent, failed } = await deliverRest(releaseFolder, { ...variables, ...secretVariables });
  if (sent > 0) say(`sent ${sent} mails that still stood in the outbox`);
  if (failed > 0) say(`${failed} mails of the outbox could not be sent: shopctl mail failed`);
}
