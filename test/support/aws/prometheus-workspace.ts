import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { program } from "../../../infra/local/host/programs.ts";
import { startChild, type Child } from "../child.ts";
import { freePorts } from "../free-port.ts";
import { waitUntil } from "../wait-until.ts";
import type { Aws } from "./aws-access.ts";
import { collectorTargets } from "./collector-targets.ts";
import { alertmanagerConfig, rulesOf } from "./workspace-definitions.ts";

/** Servers that stand for one workspace. */
export interface Workspace {
  /** Port of the server that a path of the workspace is of. */
  portOf(path: string): number;
  /** Scrapes in place of the collectors of the tasks that run now. */
  watchTasks(): Promise<void>;
  stop(): Promise<void>;
}

/** Nobody waits in a test for AWS' quarter of a minute. */
const interval = "1s";

/** Starts a Prometheus with the workspace's own rules, and an Alertmanager with its own definition. */
export async function startWorkspace(
  of: Aws,
  { id, metricsAddress }: { readonly id: string; readonly metricsAddress: string },
): Promise<Workspace> {
  const folder = mkdtempSync(join(tmpdir(), "managed-prometheus-"));
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const [prometheusPort = 0, alertmanagerPort = 0] = await freePorts(2);
  const path = `/workspaces/${id}`;
  const watchTasks = async (): Promise<void> =>
    void write("targets.json", JSON.stringify(await collectorTargets(of, { path, metricsAddress })));
  await watchTasks();
  const rules = (await rulesOf(of, id)).map((text, at) => write(`rules-${at}.yml`, text));
  const alertmanager = startChild(program("prometheus-alertmanager"), [
    `--config.file=${write("alertmanager.yml", alertmanagerConfig(id))}`,
    `--storage.path=${join(folder, "alerts")}`,
    ...addressOf(alertmanagerPort, `${path}/alertmanager`),
    "--cluster.listen-address=",
  ]);
  const config = {
    global: { scrape_interval: interval, evaluation_interval: interval },
    rule_files: rules,
    alerting: {
      alertmanagers: [
        { path_prefix: `${path}/alertmanager`, static_configs: [{ targets: [`127.0.0.1:${alertmanagerPort}`] }] },
      ],
    },
    scrape_configs: [{ job_name: "collectors", file_sd_configs: [{ files: [join(folder, "targets.json")] }] }],
  };
  const prometheus = startChild(program("prometheus"), [
    `--config.file=${write("prometheus.yml", stringify(config))}`,
    `--storage.tsdb.path=${join(folder, "series")}`,
    ...addressOf(prometheusPort, path),
  ]);
  await isReady(alertmanager, `http://127.0.0.1:${alertmanagerPort}${path}/alertmanager`);
  await isReady(prometheus, `http://127.0.0.1:${prometheusPort}${path}`);
  return {
    portOf: (asked) => (asked.startsWith(`${path}/alertmanager/`) ? alertmanagerPort : prometheusPort),
    watchTasks,
    async stop() {
      await Promise.all([alertmanager.stop(), prometheus.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Where it listens, and under which path everything of it is. */
function addressOf(port: number, path: string): readonly string[] {
  return [`--web.listen-address=127.0.0.1:${port}`, `--web.external-url=http://127.0.0.1:${port}${path}`];
}

async function isReady(server: Child, url: string): Promise<void> {
  const ready = async (): Promise<boolean> => {
    if (server.process.exitCode !== null) return true;
    return (await fetch(`${url}/-/ready`)).ok;
  };
  await waitUntil(`${url} to be ready`, ready, 30_000);
  if (server.process.exitCode !== null) throw new Error(server.output());
}
