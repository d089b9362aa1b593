import * as pulumi from "@pulumi/pulumi";
import { figures } from "../../../service/contract/figures.ts";
import type { Releases } from "./releases.ts";
import { Router, ServiceInstance } from "./resources.ts";
import { secretVariables, serviceVariables } from "./service-variables.ts";
import type { Needed, ShopContext } from "./shop-context.ts";

/** Starting at half a core under load takes seconds. */
const readyTimeoutMs = 60_000;
/** Longest time that requests of a leaving instance get. */
const drainTimeoutMs = 30_000;

interface Server {
  readonly name: pulumi.Output<string>;
  readonly httpPort: pulumi.Output<number>;
  readonly internalPort: pulumi.Output<number>;
}

/** The service's instances of the tier, and the router before them. */
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
    const instances = slots.map((slot) => this.#instance(slot, context, needs));
    this.servers = instances.map(({ instance, httpPort, internalPort }) => ({
      name: instance,
      httpPort,
      internalPort,
    }));
    this.router = new Router(
      "router",
      {
        paths,
        port: ports.router,
        metricsPort: ports.routerMetrics,
        servers: this.servers,
        drainTimeoutMs,
        cdn: { port: ports.cdn, originPort: ports.cdnOrigin, inUse: context.topology.cdn === "nginx" },
      },
      { parent: this, dependsOn: [...needs.first, ...needs.cdn, ...instances] },
    );
    this.registerOutputs();
  }

  #instance(
    slot: number,
    context: ShopContext,
    needs: { readonly first: readonly Needed[]; readonly releases: Releases },
  ): ServiceInstance {
    const { environment, topology, credentials } = context;
    const { ports, paths } = environment;
    const { cpu, memoryMiB } = figures.tiers[topology.tier];
    return new ServiceInstance(
      `web-${slot}`,
      {
        paths,
        ports: { first: ports.instanceFirst, count: ports.instanceCount },
        slot,
        releaseFolder: needs.releases.shop.folder,
        cpu,
        memoryMiB,
        readyTimeoutMs,
        stopTimeoutMs: drainTimeoutMs,
        variables: serviceVariables(topology, ports, needs.releases.shopHash),
        secretVariables: pulumi.secret(credentials.apply((secrets) => secretVariables(topology, ports, secrets))),
      },
      { parent: this, dependsOn: [...needs.first, needs.releases.shop] },
    );
  }
}
