import * as pulumi from "@pulumi/pulumi";
import { shopEnv, type ShopEnvName } from "../../../service/contract/env.ts";
import type { Topology } from "../../topology/topology.ts";
import type { AwsCredentials } from "../settings.ts";
import { databasePort as directPort } from "./database.ts";
import { ShopSecret } from "./shop-secret.ts";

export interface ShopSecretsArgs {
  readonly topology: Topology;
  readonly credentials: pulumi.Output<AwsCredentials>;
  /** Host of the pooler or, without one, of the database. */
  readonly databaseHost: pulumi.Input<string>;
  readonly databasePort: number;
  /** rediss:// URL of the cache. Secret. */
  readonly cacheUrl: pulumi.Input<string> | undefined;
  /** rediss:// URL of the mail queue. Secret. */
  readonly queueUrl: pulumi.Input<string> | undefined;
  readonly replicaHosts: readonly pulumi.Input<string>[];
  /** Whether faults go to Sentry. */
  readonly sentry: boolean;
}

/** The secrets of the shop's tasks: only those that its topology uses, so that a credential that is not used is nowhere. */
export class ShopSecrets extends pulumi.ComponentResource {
  /** By the variable that they become. */
  readonly byVariable: Partial<Record<ShopEnvName, ShopSecret>>;

  constructor(name: string, args: ShopSecretsArgs, options: pulumi.ComponentResourceOptions) {
    super("shopctl:aws:ShopSecrets", name, {}, options);
    const { topology, credentials, databaseHost, databasePort, cacheUrl, queueUrl, replicaHosts, sentry } = args;
    const password = credentials.apply(({ databaseShop }) => databaseShop);
    const secret = (kind: string, value: pulumi.Input<string>): ShopSecret =>
      new ShopSecret(`${name}-${kind}`, { value }, { parent: this });
    this.byVariable = {
      [shopEnv.databaseUrl]: secret("database", databaseUrl(password, databaseHost, databasePort)),
      ...(cacheUrl === undefined ? {} : { [shopEnv.redisUrl]: secret("cache", cacheUrl) }),
      ...(queueUrl === undefined ? {} : { [shopEnv.queueRedisUrl]: secret("queue", queueUrl) }),
      ...(replicaHosts.length === 0
        ? {}
        : {
            [shopEnv.replicaUrls]: secret(
              "replicas",
              pulumi
                .all(replicaHosts.map((host) => databaseUrl(password, host, directPort)))
                .apply((urls) => urls.join(",")),
            ),
          }),
      ...(topology.mail === "sendgrid"
        ? { [shopEnv.sendgridApiKey]: secret("sendgrid", credentials.apply(given("sendgrid"))) }
        : {}),
      ...(sentry ? { [shopEnv.sentryDsn]: secret("sentry", credentials.apply(given("sentryDsn"))) } : {}),
    };
    this.registerOutputs();
  }

  get arns(): readonly pulumi.Output<string>[] {
    return Object.values(this.byVariable).map(({ arn }) => arn);
  }
}

function databaseUrl(password: pulumi.Input<string>, host: pulumi.Input<string>, port: number): pulumi.Output<string> {
  // RDS takes TLS only; its certificates are in the image. The pooler is in the same network and speaks plainly.
  const query = port === directPort ? "?sslmode=verify-full" : "";
  return pulumi.interpolate`postgres://shop:${password}@${host}:${port}/shop${query}`;
}

const uses = { sendgrid: "mail by SendGrid needs its key", sentryDsn: "faults go to Sentry by its DSN" } as const;

/** A secret of others, which may not have been given. */
function given(name: keyof typeof uses): (credentials: AwsCredentials) => string {
  return ({ [name]: value }) => {
    if (value !== undefined) return value;
    throw new pulumi.RunError(`${uses[name]}: pulumi config set --secret --path shopctl:credentials.${name}`);
  };
}
