import * as aws from "@pulumi/aws";
import { retiring } from "./retire.ts";
import { AwsShop, type AwsShopArgs } from "./aws-shop.ts";

/**
 * The shop with a provider of its own, which puts the tags on everything; without one, Pulumi would take the machine's.
 * `retiringAt` (ISO 8601) lifts what protects it, for its destruction.
 */
export function composeAwsShop(args: AwsShopArgs, retiringAt?: string): AwsShop {
  const { name, region } = args.settings;
  const provider = new aws.Provider(name, {
    region: region as aws.Region,
    defaultTags: { tags: { project: "shopctl", environment: name } },
  });
  const transformations = retiringAt === undefined ? [] : [retiring(retiringAt)];
  return new AwsShop(args, { providers: { aws: provider }, transformations });
}
