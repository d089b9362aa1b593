import * as pulumi from "@pulumi/pulumi";
import { figures } from "../../../service/contract/figures.ts";
import type { Releases } from "./releases.ts";
import { type Release, Router, ServiceInstance } from "./resources.ts";
import { secretVariables, serviceVariables } from "./service-variables.ts";
import type { Needed, ShopContext } from "./shop-context.ts";

/** Starting at half a core under load takes seconds. */
const readyTimeoutMs = 60_000;
/** Longest time that requests of a leaving instance get. */
const drainTimeoutMs = 30_000;

/** Its place among the instances, past the largest that a topology has. */
const canarySlot = 9;

interface Server {
  readonly name: pulumi.Output<string>;
  readonly httpPort: pulumi.Output<number>;
  readonly internalPort: pulumi.Output<number>;
}

/** What an instance runs, and its place. */
interface Generation {
  readonly slot: number;
  readonly release: Release;
  readonly hash: string;
  readonly isCanary?: boolean;
}

/** The service's instances of the tier, during a deployment one of the next release beside them, and the router before all. */
export class Web extends pulumi.ComponentResource {
  readonly router: Router;
  /** The instances as others reach them. */
  readonly servers: readonly Server[];

  constructor(
    name: string,
    context: ShopContext,
    needs: {
      readonly first: readonly Needed[];
      readonly releases: Releases;
      /** Where the router sends what may be cached. */
      readonly cdn: readonly Needed[];
    },
    options: pulumi.ComponentResourceOptions,
  ) {
    super("shopctl:components:Web", name, {}, options);
    const { ports, paths } = context.environment;
    const slots = Array.from({ length: context.topology.instances }, (_, at) => at + 1);
    const { shop, shopHash, canary: next } = needs.releases;
    const stable = { release: shop, hash: shopHash };
    const instances = slots.map((slot) => this.#instance(`web-${slot}`, { slot, ...stable }, context, needs.first));
    const canary =
      next === undefined
        ? undefined
        : this.#instance("web-canary", { slot: canarySlot, ...next, isCanary: true }, context, needs.first);
    const servers = instances.map(serverOf);
    this.servers = canary === undefined ? servers : [...servers, serverOf(canary)];
    this.router = new Router(
      "router",
      {
        paths,
        port: ports.router,
        metricsPort: ports.routerMetrics,
        servers,
        drainTimeoutMs,
        canaries:
          canary === undefined || next === undefined
            ? []
            : [{ server: serverOf(canary), sharePercent: next.sharePercent }],
        cdn: { port: ports.cdn, originPort: ports.cdnOrigin, inUse: context.topology.cdn === "nginx" },
      },
      {
        parent: this,
        dependsOn: [...needs.first, ...needs.cdn, ...instances, ...(canary === undefined ? [] : [canary])],
      },
    );
    this.registerOutputs();
  }

  #instance(
    name: string,
    { slot, release, hash, isCanary = false }: Generation,
    context: ShopContext,
    first: readonly Needed[],
  ): ServiceInstance {
    const { environment, topology, credentials } = context;
    const { ports, paths } = environment;
    const { cpu, memoryMiB } = figures.tiers[topology.tier];
    return new ServiceInstance(
      name,
      {
        paths,
        ports: { first: ports.instanceFirst, count: ports.instanceCount },
        slot,
        releaseFolder: release.folder,
        cpu,
        memoryMiB,
        readyTimeoutMs,
        stopTimeoutMs: drainTimeoutMs,
        variables: serviceVariables(topology, ports, { release: hash, isCanary }),
        secretVariables: pulumi.secret(credentials.apply((secrets) => secretVariables(topology, ports, secrets))),
      },
      { parent: this, dependsOn: [...first, release] },
    );
  }
}

function serverOf({ instance, httpPort, internalPort }: ServiceInstance): Server {
  return { name: instance, httpPort, internalPort };
}
