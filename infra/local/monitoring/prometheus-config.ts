import { stringify } from "yaml";

/** One endpoint that Prometheus scrapes, on 127.0.0.1. */
export interface ScrapeTarget {
  /** What it is: `shop`, `router`, `postgres`, `pgbouncer`, `redis`. */
  readonly job: string;
  readonly instance: string;
  readonly port: number;
}

export interface PrometheusConfig {
  readonly targets: readonly ScrapeTarget[];
  /** Absolute path of the rules' file. */
  readonly rulesFile: string;
  readonly alertmanagerPort: number;
  /** Value of the label `environment` on everything that leaves this server. */
  readonly environment: string;
}

/** The advice reads minutes; 15 s is Prometheus' own suggestion and gives four points in each. */
export const scrapeIntervalSeconds = 15;

/** prometheus.yml: one job for each kind of endpoint, the instance's name instead of its address. */
export function prometheusConfig(config: PrometheusConfig): string {
  const jobs = Map.groupBy(config.targets, ({ job }) => job);
  return stringify({
    global: {
      scrape_interval: `${scrapeIntervalSeconds}s`,
      evaluation_interval: `${scrapeIntervalSeconds}s`,
      external_labels: { environment: config.environment },
    },
    rule_files: [config.rulesFile],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [address(config.alertmanagerPort)] }] }] },
    scrape_configs: [...jobs].map(([job, targets]) => ({
      job_name: job,
      static_configs: targets.map(({ instance, port }) => ({ targets: [address(port)], labels: { instance } })),
    })),
  });
}

function address(port: number): string {
  return `127.0.0.1:${port}`;
}
