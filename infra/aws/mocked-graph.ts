import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { AwsShopArgs } from "./aws-shop.ts";
import type { PolicyResource } from "./policy/rules.ts";

export interface GraphResource extends PolicyResource {
  /** URN and id of the provider that would make it; empty for components. */
  readonly provider: string;
}

/**
 * Every resource that the AWS program registers, with the inputs it gives, asked by Pulumi's mocks: no CLI, no
 * credentials, no account. One at a time: the mocks are the process's.
 */
export async function mockedGraph(
  args: Omit<AwsShopArgs, "credentials"> & { readonly credentials: object },
): Promise<readonly GraphResource[]> {
  const resources: GraphResource[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, provider = "" }) => {
        resources.push({ type, name, props: inputs, provider });
        return { id: `${name}-id`, state: { ...answersOf(type, name, inputs), ...inputs } };
      },
      call: ({ token, inputs }) =>
        token.endsWith("getCallerIdentity") ? { accountId: "123456789012" } : { ...inputs, id: "pl-1" },
    },
    "shopctl",
    args.settings.name,
    false,
  );
  const { composeAwsShop } = await import("./compose.ts");
  composeAwsShop({ ...args, credentials: pulumi.secret(args.credentials) as AwsShopArgs["credentials"] });
  await pulumi.runtime.disconnect();
  return resources;
}

/** What AWS says of a resource beyond what it was given, as far as others are made from it. */
export function answersOf(
  type: string,
  name: string,
  inputs: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { domainName, subjectAlternativeNames = [] } = inputs as {
    readonly domainName?: string;
    readonly subjectAlternativeNames?: readonly string[];
  };
  return {
    arn: `arn:aws:${type.split(/[:/]/)[1]}:eu-central-1:123456789012:${name}`,
    name,
    address: `${name}.rds.test`,
    identifier: name,
    versionId: createHash("sha256")
      .update(JSON.stringify(inputs["secretString"] ?? ""))
      .digest("hex"),
    arnSuffix: `suffix/${name}`,
    primaryEndpointAddress: `${name}.cache.test`,
    prometheusEndpoint: "https://aps.test/workspaces/ws-1/",
    domainValidationOptions: [domainName, ...subjectAlternativeNames].map((each) => ({
      domainName: each,
      resourceRecordName: `_proof.${each}`,
      resourceRecordType: "CNAME",
      resourceRecordValue: "proof",
    })),
    dkimSigningAttributes: { tokens: ["a", "b", "c"] },
    certificateArn: `arn:aws:acm:${name}`,
    bucketRegionalDomainName: `${name}.s3.test`,
    dnsName: `${name}.elb.test`,
    domainName: `${name}.cdn.test`,
    zoneId: "ZELB",
    hostedZoneId: "ZCDN",
  };
}
