import * as pulumi from "@pulumi/pulumi";
import { queuePassword } from "../redis/queue-password.ts";
import type { Releases } from "./releases.ts";
import { MailWorker, QueueRedis } from "./resources.ts";
import type { Needed, ShopContext } from "./shop-context.ts";
import { workerSecretVariables, workerVariables } from "./worker-variables.ts";

/** A job takes some 820 bytes; the workers keep a few hundred of them at most, so nearly all of this is to spare. */
const queueMemoryMiB = 32;
/** Mails cost a worker little but the wait for the provider; 6,600 a day are one in 13 s. */
const workerLimits = { cpu: 0.25, memoryMiB: 256 };

/** The worker that delivers mail, and the Redis of its queue: requests only write mail down. */
export class MailQueue extends pulumi.ComponentResource {
  readonly worker: MailWorker;

  constructor(
    name: string,
    context: ShopContext,
    needs: { readonly first: readonly Needed[]; readonly delivers: readonly Needed[]; readonly releases: Releases },
    options: pulumi.ComponentResourceOptions,
  ) {
    super("shopctl:components:MailQueue", name, {}, options);
    const { environment, topology, credentials } = context;
    const { paths, ports } = environment;
    const redis = new QueueRedis(
      "queue-redis",
      {
        paths,
        port: ports.queueRedis,
        maxMemoryMiB: queueMemoryMiB,
        password: pulumi.secret(credentials.apply((secrets) => queuePassword(secrets.redis))),
      },
      { parent: this, dependsOn: [...needs.first] },
    );
    this.worker = new MailWorker(
      "mail-worker",
      {
        paths,
        port: ports.mailWorker,
        databasePort: ports.postgres,
        releaseFolder: needs.releases.shop.folder,
        ...workerLimits,
        variables: workerVariables(topology, ports, needs.releases.shopHash),
        secretVariables: pulumi.secret(credentials.apply((secrets) => workerSecretVariables(topology, ports, secrets))),
      },
      { parent: this, dependsOn: [...needs.delivers, redis, needs.releases.shop] },
    );
    this.registerOutputs();
  }
}
