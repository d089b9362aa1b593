import type * as pulumi from "@pulumi/pulumi";
import type { Credentials, LocalEnvironment, PrimaryServer } from "../../environment/environment.ts";
import type { Topology } from "../../topology/topology.ts";

/** What every component is given: the environment's plan, what should run in it, and its secrets. */
export interface ShopContext {
  readonly environment: LocalEnvironment;
  readonly topology: Topology;
  readonly primary: PrimaryServer;
  readonly credentials: pulumi.Output<Credentials>;
}

/** A resource that must be there before another. */
export type Needed = pulumi.Resource;
