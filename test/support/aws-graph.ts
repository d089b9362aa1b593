export type { GraphResource } from "../../infra/aws/mocked-graph.ts";
import { mockedGraph, type GraphResource } from "../../infra/aws/mocked-graph.ts";
import type { AwsCredentials, AwsSettings } from "../../infra/aws/settings.ts";
import type { Topology } from "../../infra/topology/topology.ts";

export const awsSettings: AwsSettings = {
  version: 1,
  name: "shop",
  region: "eu-central-1",
  zones: ["eu-central-1a", "eu-central-1b"],
  domain: "shop.example.test",
  hostedZoneId: "Z0123456789ABC",
  mailFrom: "orders@shop.example.test",
  releases: { aaaaaaaaaaaa: `registry.example.test/shop@sha256:${"a".repeat(64)}` },
  images: {
    pooler: `registry.example.test/pooler@sha256:${"b".repeat(64)}`,
    collector: `registry.example.test/collector@sha256:${"c".repeat(64)}`,
  },
  alertAddress: "operator@example.test",
  budgetUsdPerMonth: 300,
  sentry: true,
};

/** Each says what it is, so that a test can look for it where it must not be. */
export const awsCredentials: AwsCredentials = {
  databaseShop: "secret-of-the-database-role",
  databaseAdmin: "secret-of-the-database-owner",
  cache: "secret-of-the-cache-redis",
  queue: "secret-of-the-queue-redis",
  originKey: "secret-of-cdn-and-balancer",
  sendgrid: "SG.secret-of-the-sendgrid-key",
  sentryDsn: "https://0123456789abcdef@secret-of-sentry.example.test/1",
};

/** The graph of a topology that runs the one image of the settings. */
export async function awsGraph(
  topology: Topology,
  settings: AwsSettings = awsSettings,
  credentials: AwsCredentials = awsCredentials,
): Promise<readonly GraphResource[]> {
  return await mockedGraph({
    settings,
    topology: { ...topology, release: { stable: "aaaaaaaaaaaa" } },
    credentials,
    files: [{ path: "assets/storefront-0123456789ab.js", file: import.meta.filename }],
    rules: "groups: []",
  });
}

/** What is in a property that Pulumi marks as secret, by an object with this key; any other as it is. */
export function opened(value: unknown): unknown {
  return isSecret(value) ? value.value : value;
}

export function isSecret(value: unknown): value is { readonly value: unknown } {
  return typeof value === "object" && value !== null && "4dabf18193072939515e22adb298388d" in value;
}
