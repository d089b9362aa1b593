import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { pathPlanSchema } from "../../../environment/environment.ts";
import { componentPlaces } from "../../layout.ts";
import { exporterKinds, exporterName, exporterProcess } from "../../monitoring/exporter-process.ts";
import { dropMonitorRole, ensureMonitorRole } from "../../monitoring/monitor-role.ts";
import { compareService } from "../../observation/compare-service.ts";
import { ensureService } from "../../supervision/service-folder.ts";
import { waitForHealth } from "../../supervision/wait-for-health.ts";
import type { ResourceHandler } from "../resource-handler.ts";
import { supervisedProcess } from "../supervised-process.ts";

const inputs = z.strictObject({
  paths: pathPlanSchema,
  kind: z.enum(exporterKinds),
  /** Number of the database server that is read; without it whichever is the primary. */
  server: z.int().min(1).optional(),
  port: z.int(),
  sourcePort: z.int(),
  password: z.string().optional(),
  releaseFolder: z.string().optional(),
});
type Inputs = z.infer<typeof inputs>;
export const exporterOutputs = z.object({ incarnation: z.string() });

const startTimeoutMs = 15_000;
const stopTimeoutMs = 5_000;

const life = supervisedProcess<Inputs>({ name: exporterName, stopTimeoutMs, start });

/** Translates what Postgres, PgBouncer or Redis say of themselves into Prometheus' metrics. */
export const exporter: ResourceHandler<Inputs, z.infer<typeof exporterOutputs>> = {
  inputs,
  replacedBy: ["kind", "server"],
  ignored: [],
  ...life,
  observe: ({ paths, port, ...source }) => compareService(paths, exporterProcess(paths, source, port), [port]),
  async remove(state, say) {
    await life.remove(state, say);
    const { paths, kind, server, sourcePort } = state;
    const gone = !existsSync(join(paths.services, exporterName(state)));
    // A database that is down takes its role along when it is destroyed.
    if (kind === "postgres" && server === undefined && gone)
      await dropMonitorRole(databaseOf(paths, sourcePort)).catch(() => undefined);
  },
};

async function start(wanted: Inputs, incarnation: string): Promise<void> {
  const { paths, kind, server, port, sourcePort } = wanted;
  if (kind === "postgres" && server === undefined) await ensureMonitorRole(paths, databaseOf(paths, sourcePort));
  const { replaced } = await ensureService(paths, exporterProcess(paths, wanted, port), incarnation);
  await waitForHealth({
    paths,
    name: exporterName(wanted),
    timeoutMs: startTimeoutMs,
    replaced,
    isHealthy: async () => {
      const response = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(2_000) });
      return response.ok && upMetric[kind].test(await response.text());
    },
  });
}

/** What shows that the exporter reaches its source. */
const upMetric: Record<Inputs["kind"], RegExp> = {
  postgres: /^pg_up 1$/m,
  pgbouncer: /^pgbouncer_up 1$/m,
  redis: /^redis_up 1$/m,
};

function databaseOf(paths: Inputs["paths"], port: number): { readonly sockets: string; readonly port: number } {
  return { sockets: componentPlaces(paths).postgres.sockets, port };
}
