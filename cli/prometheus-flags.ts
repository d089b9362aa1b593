import { Flags } from "@oclif/core";

/** `--prometheus` and `--selector` of commands that read metrics; a token comes by SHOPCTL_PROMETHEUS_TOKEN only. */
export const prometheusFlags = {
  prometheus: Flags.string({
    env: "SHOPCTL_PROMETHEUS_URL",
    description:
      "read this Prometheus instead; a bearer token in SHOPCTL_PROMETHEUS_TOKEN is sent to it, and requests to https://aps-workspaces.REGION.amazonaws.com/workspaces/ID are signed with AWS' credentials",
    helpValue: "URL",
  }),
  selector: Flags.string({
    env: "SHOPCTL_PROMETHEUS_SELECTOR",
    description: "labels of the environment's series in it",
    helpValue: "MATCHERS",
    default: 'job="shop"',
  }),
};
