import * as pulumi from "@pulumi/pulumi";
import { taskPorts } from "../shop-variables.ts";
import { smallTask } from "../sizes.ts";
import { allow } from "./data-gate.ts";
import { FargateService } from "./fargate-service.ts";
import { redisPort, type RedisStore } from "./redis-store.ts";
import { reachDatabase, shopTask, type RunningShop } from "./running-shop.ts";

/** The mail worker as a service of its own: one task, for the provider's quota is one too. */
export class MailWorker extends pulumi.ComponentResource {
  readonly service: FargateService;

  constructor(
    name: string,
    args: RunningShop & { readonly queue: RedisStore },
    options: pulumi.ComponentResourceOptions,
  ) {
    super("shopctl:aws:MailWorker", name, {}, options);
    const { cluster, network, queue } = args;
    const task = shopTask(name, args, this, {
      command: ["node", "worker.js"],
      size: smallTask,
      ports: [taskPorts.internal],
      job: "mail-worker",
    });
    this.service = new FargateService(name, { cluster, network, task, count: 1, discovered: false }, { parent: this });
    const { group } = this.service;
    allow(`${name}-queue`, { from: group, to: queue.group, port: redisPort }, { parent: this });
    reachDatabase(name, group, args, this);
    this.registerOutputs();
  }
}
