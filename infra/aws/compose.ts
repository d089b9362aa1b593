import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { AwsShop, type AwsShopArgs } from "./aws-shop.ts";

/**
 * The shop with a provider of its own, which puts the tags on everything; without one, Pulumi would take the machine's.
 */
export function composeAwsShop(args: AwsShopArgs, transformations: pulumi.ResourceTransformation[] = []): AwsShop {
  const { name, region } = args.settings;
  const provider = new aws.Provider(name, {
    region: region as aws.Region,
    defaultTags: { tags: { project: "shopctl", environment: name } },
  });
  return new AwsShop(args, { providers: { aws: provider }, transformations });
}
