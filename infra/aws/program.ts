import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { installation } from "../installation.ts";
import { MadeResources } from "../made-resources.ts";
import { topologySchema } from "../topology/topology.ts";
import { validated } from "../validated-config.ts";
import type { AwsShopArgs } from "./aws-shop.ts";
import { composeAwsShop } from "./compose.ts";
import { retiring } from "./retire.ts";
import { awsCredentialsSchema, awsSettingsSchema } from "./settings.ts";
import { readStaticFiles } from "./static-files.ts";

/**
 * The Pulumi program of the target `aws`. It is not the local one's, because to import `@pulumi/aws` takes longer than a
 * local update without changes.
 */
const config = new pulumi.Config("shopctl");
const target = config.require("target");
if (target !== "aws") throw new pulumi.RunError(`shopctl:target is ${target}; this program composes: aws`);

const wanted = validated(config, "topology", topologySchema);
const args: AwsShopArgs = {
  settings: validated(config, "settings", awsSettingsSchema),
  topology: wanted,
  credentials: config.requireSecretObject<unknown>("credentials").apply((value) => awsCredentialsSchema.parse(value)),
  files: readStaticFiles(join(installation.serviceRelease, "storefront")),
  rules: readFileSync(installation.alertRules, "utf8"),
};
const made = new MadeResources();
/** When its destruction began, ISO 8601: what protects it is lifted. */
const retiringAt = config.get("retiring");
const shop = composeAwsShop(args, [made.collect, ...(retiringAt === undefined ? [] : [retiring(retiringAt)])]);

/** The topology of truth, once everything of it is there. */
export const topology = made.whenAllThere().apply(() => wanted);
export const url = shop.url;
/** Under which names the commands find what runs. */
export const handles = shop.handles;
/** Content of the image that runs. */
export const release = wanted.release?.stable;
