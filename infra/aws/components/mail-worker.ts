import * as pulumi from "@pulumi/pulumi";
import { taskPorts } from "../shop-variables.ts";
import { smallTask } from "../sizes.ts";
import { allow } from "./data-gate.ts";
import type { DataTasks } from "./data-tasks.ts";
import { FargateService } from "./fargate-service.ts";
import { redisPort, type RedisStore } from "./redis-store.ts";
import { reachDatabase, shopTask, type RunningShop } from "./running-shop.ts";
import { TaskRun } from "./task-run.ts";
import type { Web } from "./web.ts";

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

/**
 * The way back from the worker: once requests send their mail themselves, what is left in the outbox is sent, or given up
 * where an operator sees it. The worker ends after that, as deletions come last. It is a task such as web's, which has the
 * mail's credentials and is there on both sides of the way.
 */
export function emptiedOutbox(
  name: string,
  { queue, web, tasks }: { readonly queue: RedisStore | undefined; readonly web: Web; readonly tasks: DataTasks },
  { parent }: { readonly parent: pulumi.Resource },
): TaskRun {
  const ofWeb = pulumi.output({ taskDefinition: web.task.definition.arn, securityGroup: web.service.group.id });
  const place = pulumi.all([tasks.place, ofWeb]).apply(([every, own]) => ({ ...every, ...own }));
  const wanted = queue === undefined ? "off" : "on";
  return new TaskRun(name, { place, wanted, on: [], off: [["deliver.js"]], trigger: "" }, { parent, dependsOn: [web] });
}
