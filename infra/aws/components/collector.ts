import type * as pulumi from "@pulumi/pulumi";
import type { Container } from "./container.ts";
import type { Grant } from "./roles.ts";

/** A sidecar that scrapes its task and writes to Managed Prometheus; it may end without taking the task along. */
export function collector(args: {
  readonly image: string;
  readonly region: string;
  readonly job: string;
  readonly metricsPort: number;
  readonly remoteWriteUrl: pulumi.Output<string>;
}): Container {
  return {
    name: "collector",
    image: args.image,
    essential: false,
    ports: [],
    secrets: {},
    variables: { AOT_CONFIG_CONTENT: args.remoteWriteUrl.apply((url) => configuration(args, url)) },
  };
}

export function mayWriteTo(workspaceArn: pulumi.Input<string>): Grant {
  return { actions: ["aps:RemoteWrite"], resources: [workspaceArn] };
}

/**
 * The OpenTelemetry collector's configuration; YAML is a superset of JSON. Every collector scrapes the same address, its own
 * task's, so the task's id becomes the instance: else all tasks would write one and the same series
 * (https://github.com/aws-observability/aws-otel-collector/issues/1479). Names stay those that the shop gives.
 */
function configuration(args: { region: string; job: string; metricsPort: number }, endpoint: string): string {
  return JSON.stringify({
    extensions: { sigv4auth: { region: args.region, service: "aps" } },
    receivers: {
      prometheus: {
        config: {
          global: { scrape_interval: "15s" },
          scrape_configs: [{ job_name: args.job, static_configs: [{ targets: [`127.0.0.1:${args.metricsPort}`] }] }],
        },
      },
    },
    processors: {
      resourcedetection: { detectors: ["ecs"] },
      resource: {
        attributes: [{ key: "service.instance.id", from_attribute: "aws.ecs.task.id", action: "upsert" }],
      },
    },
    exporters: {
      prometheusremotewrite: { endpoint, auth: { authenticator: "sigv4auth" }, add_metric_suffixes: false },
    },
    service: {
      extensions: ["sigv4auth"],
      pipelines: {
        metrics: {
          receivers: ["prometheus"],
          processors: ["resourcedetection", "resource"],
          exporters: ["prometheusremotewrite"],
        },
      },
    },
  });
}
