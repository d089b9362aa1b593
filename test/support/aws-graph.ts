import * as pulumi from "@pulumi/pulumi";
import type { AwsCredentials, AwsSettings } from "../../infra/aws/settings.ts";
import type { PolicyResource } from "../../infra/aws/policy/rules.ts";
import type { Topology } from "../../infra/topology/topology.ts";

export const awsSettings: AwsSettings = {
  version: 1,
  name: "shop",
  region: "eu-central-1",
  zones: ["eu-central-1a", "eu-central-1b"],
  domain: "shop.example.test",
  hostedZoneId: "Z0123456789ABC",
  images: {
    shop: `registry.example.test/shop@sha256:${"a".repeat(64)}`,
    pooler: `registry.example.test/pooler@sha256:${"b".repeat(64)}`,
    collector: `registry.example.test/collector@sha256:${"c".repeat(64)}`,
  },
  alertAddress: "operator@example.test",
  budgetUsdPerMonth: 300,
};

/** Each says what it is, so that a test can look for it where it must not be. */
export const awsCredentials: AwsCredentials = {
  databaseShop: "secret-of-the-database-role",
  cache: "secret-of-the-cache-redis",
  queue: "secret-of-the-queue-redis",
  originKey: "secret-of-cdn-and-balancer",
  sendgrid: "SG.secret-of-the-sendgrid-key",
};

export interface GraphResource extends PolicyResource {
  /** URN and id of the provider that would make it; empty for components. */
  readonly provider: string;
}

/** Runs the AWS program against Pulumi's mocks and gives every resource that it registered, with the inputs it gave. */
export async function awsGraph(topology: Topology): Promise<readonly GraphResource[]> {
  const resources: GraphResource[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, provider = "" }) => {
        resources.push({ type, name, props: inputs, provider });
        return { id: `${name}-id`, state: { ...answersOf(type, name), ...inputs } };
      },
      call: ({ token, inputs }) =>
        token.endsWith("getCallerIdentity") ? { accountId: "123456789012" } : { ...inputs, id: "pl-1" },
    },
    "shopctl",
    "shop",
    false,
  );
  const { composeAwsShop } = await import("../../infra/aws/compose.ts");
  composeAwsShop({
    settings: awsSettings,
    topology,
    credentials: pulumi.secret(awsCredentials),
    files: [{ path: "assets/storefront-0123456789ab.js", file: import.meta.filename }],
    rules: "groups: []",
  });
  await pulumi.runtime.disconnect();
  return resources;
}

/** What AWS says of a resource beyond what it was given, as far as others are made from it. */
function answersOf(type: string, name: string): Record<string, unknown> {
  return {
    arn: `arn:aws:${type.split(/[:/]/)[1]}:eu-central-1:123456789012:${name}`,
    name,
    address: `${name}.rds.test`,
    identifier: name,
    arnSuffix: `suffix/${name}`,
    primaryEndpointAddress: `${name}.cache.test`,
    prometheusEndpoint: "https://aps.test/workspaces/ws-1/",
    domainValidationOptions: [
      { domainName: name, resourceRecordName: `_${name}`, resourceRecordType: "CNAME", resourceRecordValue: "proof" },
    ],
    dkimSigningAttributes: { tokens: ["a", "b", "c"] },
    certificateArn: `arn:aws:acm:${name}`,
    bucketRegionalDomainName: `${name}.s3.test`,
    dnsName: `${name}.elb.test`,
    domainName: `${name}.cdn.test`,
    zoneId: "ZELB",
    hostedZoneId: "ZCDN",
  };
}
