import * as pulumi from "@pulumi/pulumi";
import { credentialsSchema, localEnvironmentSchema, primaryServerSchema } from "./environment/environment.ts";
import type { Credentials, LocalEnvironment } from "./environment/environment.ts";
import { LocalShop } from "./local/components/local-shop.ts";
import { MadeResources } from "./made-resources.ts";
import { topologySchema } from "./topology/topology.ts";
import type { Topology } from "./topology/topology.ts";
import { validated } from "./validated-config.ts";

/** The one Pulumi program: reads what should run from the stack's configuration and composes the components of its target. */
const config = new pulumi.Config("shopctl");
const target = config.require("target");
if (target !== "local") throw new pulumi.RunError(`shopctl:target is ${target}; this program composes: local`);

const wanted: Topology = validated(config, "topology", topologySchema);
const environment: LocalEnvironment = validated(config, "environment", localEnvironmentSchema);
const primary = primaryServerSchema.parse(config.getObject<unknown>("primary") ?? { server: 0, term: 0 });
const credentials: pulumi.Output<Credentials> = config
  .requireSecretObject<unknown>("credentials")
  .apply((value) => credentialsSchema.parse(value));

const made = new MadeResources();
const context = { environment, topology: wanted, primary, credentials };
const shop = new LocalShop(environment.name, context, { transformations: [made.collect] });

/**
 * What runs: the topology of truth, where it is reached, and the content hash of its release. An update that was stopped
 * before everything was there leaves the outputs of the one before.
 */
export const topology = made.whenAllThere().apply((): Topology => wanted);
export const url = shop.url;
export const release = shop.release;
/** Plans of queries before and after what was last done for them. */
export const queryPlans = shop.queryPlans ?? [];
/** Times of queries in their plain and their optimised form. */
export const queryTimes = shop.queryTimes ?? [];
