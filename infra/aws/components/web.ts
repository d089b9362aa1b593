import * as pulumi from "@pulumi/pulumi";
import { taskPorts } from "../shop-variables.ts";
import { allow } from "./data-gate.ts";
import type { Entrance } from "./entrance.ts";
import { FargateService } from "./fargate-service.ts";
import type { FargateTask } from "./fargate-task.ts";
import { redisPort, type RedisStore } from "./redis-store.ts";
import { reachDatabase, shopTask, type RunningShop } from "./running-shop.ts";

export interface WebArgs extends RunningShop {
  readonly entrance: Entrance;
  readonly cache: RedisStore | undefined;
  readonly queue: RedisStore | undefined;
}

/** Tasks that autoscaling may have at a peak, for each that the topology asks for. */
const peakFactor = 2;

/** The shop's tasks of the tier, and who they may talk to. */
export class Web extends pulumi.ComponentResource {
  readonly task: FargateTask;
  readonly service: FargateService;

  constructor(name: string, args: WebArgs, options: pulumi.ComponentResourceOptions) {
    super("shopctl:aws:Web", name, {}, options);
    const inside = { parent: this };
    const { topology, network, cluster, entrance, cache, queue } = args;
    const { balancer } = entrance;
    this.task = shopTask(name, args, this);
    this.service = new FargateService(
      name,
      {
        cluster,
        network,
        task: this.task,
        count: topology.instances,
        maxCount: topology.instances > 1 ? topology.instances * peakFactor : topology.instances,
        discovered: false,
        balanced: { targetGroupArn: balancer.targets.arn, container: "shop", port: taskPorts.http },
      },
      { parent: this, dependsOn: [...balancer.openings] },
    );
    const { group } = this.service;
    for (const port of [taskPorts.http, taskPorts.internal])
      allow(`${name}-${port}`, { from: balancer.group, to: group, port }, inside);
    reachDatabase(name, group, args, this);
    for (const [kind, store] of Object.entries({ cache, queue }))
      if (store !== undefined) allow(`${name}-${kind}`, { from: group, to: store.group, port: redisPort }, inside);
    this.registerOutputs();
  }
}
