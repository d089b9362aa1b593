import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { CreateHostedZoneCommand, DeleteHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import { awsHandlesSchema } from "../../../infra/aws/handles.ts";
import type { TaskPlace } from "../../../infra/aws/tasks/task-place.ts";
import type { Engine, EngineEvent, OperationResult, StackReference } from "../../../infra/engine/engine.ts";
import { setConfig } from "../../../infra/engine/project-files.ts";
import { stackOf } from "../../../infra/environment/stack.ts";
import { loadEnvironment } from "../../../infra/environment/store.ts";
import type { Topology } from "../../../infra/topology/topology.ts";
import { ShopctlHome, type Outcome } from "../../integration/cli/shopctl.ts";
import { awsSettings } from "../aws-graph.ts";
import { AwsAccess, type Aws } from "./aws-access.ts";
import { ManagedPrometheus } from "./managed-prometheus.ts";
import { runOneOffTasks } from "./one-off-tasks.ts";
import { RdsServers } from "./rds-servers.ts";
import { startShopStub } from "./shop-stub.ts";
import { startMoto } from "./start-moto.ts";

/** An account that moto stands for, and shopctl with an environment in it; what its commands take long for, an engine does. */
export class Rehearsal {
  /** The account, in the shop's region. */
  readonly aws: Aws;
  readonly #home: ShopctlHome;
  readonly #engine: Engine;
  readonly #hostedZoneId: string;
  readonly #stops: readonly (() => Promise<void>)[];

  private constructor(
    engine: Engine,
    aws: Aws,
    home: ShopctlHome,
    hostedZoneId: string,
    stops: readonly (() => Promise<void>)[],
  ) {
    this.#engine = engine;
    this.aws = aws;
    this.#home = home;
    this.#hostedZoneId = hostedZoneId;
    this.#stops = stops;
  }

  /** Starts an emulator with the domain's zone in it, and what stands for the shop's address and for AWS' own servers. */
  static async begin(engine: Engine): Promise<Rehearsal> {
    const home = new ShopctlHome();
    const [prometheus, servers] = [await ManagedPrometheus.listen(), await RdsServers.start()];
    const moto = await startMoto(prometheus.url);
    const aws = new AwsAccess(moto.url).in(awsSettings.region, {});
    const shop = await startShopStub(aws);
    const kept = join(home.folder, "kept");
    await mkdir(kept);
    forShopctl({ moto: moto.url, shop: shop.url, kept, database: servers.adminUrl });
    const zone = await hostedZone(aws, awsSettings.domain);
    prometheus.serve(aws, shop.address);
    servers.follow(aws);
    const endTasks = runOneOffTasks(aws, servers);
    const stops = [endTasks, ...[prometheus, servers, shop, moto].map((each) => async () => await each.stop())];
    return new Rehearsal(engine, aws, home, zone, [...stops, async () => await home.end()]);
  }

  /** Runs a command as a user does, with `--json`. */
  async shopctl(...args: string[]): Promise<Outcome> {
    return await this.#home.runWith(
      { SHOPCTL_ENGINE: this.#engine.kind === "embedded" ? "embedded" : "pulumi" },
      ...args,
    );
  }

  /** `env create` of the shop of `awsSettings`. */
  async create(): Promise<Outcome> {
    const { name, region, domain, releases, images, alertAddress } = awsSettings;
    const flags = {
      region,
      domain,
      "hosted-zone": this.#hostedZoneId,
      image: Object.values(releases)[0] ?? "",
      "pooler-image": images.pooler,
      "collector-image": images.collector,
      "alert-address": alertAddress,
    };
    const words = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]);
    return await this.shopctl("env", "create", name, "--target", "aws", ...words);
  }

  /** Brings the shop to a topology by one update; it runs the one image that there is. */
  async up(topology: Topology, onEvent: (event: EngineEvent) => void): Promise<OperationResult> {
    const stack = await this.#stack();
    const wanted = { ...topology, release: { stable: Object.keys(awsSettings.releases)[0] } };
    await setConfig(stack, { "shopctl:topology": { value: wanted } });
    return await this.#engine.up(stack, { onEvent });
  }

  /** Destroys what nobody has prepared for it. */
  async destroyUnprepared(): Promise<OperationResult> {
    return await this.#engine.destroy(await this.#stack(), {});
  }

  /** Where one-off tasks run. */
  async taskPlace(): Promise<TaskPlace> {
    return awsHandlesSchema.parse((await this.#engine.outputs(await this.#stack()))["handles"]).tasks;
  }

  /** The deployment as it is on the disk. */
  async state(): Promise<string> {
    return JSON.stringify(await this.#engine.exportState(await this.#stack()));
  }

  async end(): Promise<void> {
    for (const stop of this.#stops) await stop();
  }

  async #stack(): Promise<StackReference> {
    return stackOf(await loadEnvironment(this.#home.folder, awsSettings.name));
  }
}

/** What shopctl and its plugins find the account by: keys that nobody has, also where the machine has real ones. */
function forShopctl({
  moto,
  shop,
  kept,
  database,
}: {
  readonly moto: string;
  readonly shop: string;
  readonly kept: string;
  readonly database: string;
}): void {
  delete process.env["AWS_PROFILE"];
  delete process.env["AWS_SESSION_TOKEN"];
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: moto,
    AWS_ACCESS_KEY_ID: "rehearsal",
    AWS_SECRET_ACCESS_KEY: "rehearsal",
    SHOPCTL_AWS_STAND_IN: join(import.meta.dirname, "pulumi-resource-aws"),
    SHOPCTL_AWS_STAND_IN_SHOP: shop,
    SHOPCTL_SENDGRID_API_KEY: "SG.secret-of-the-sendgrid-key",
    SHOPCTL_SENTRY_DSN: "https://0123456789abcdef@secret-of-sentry.example.test/1",
    REHEARSAL_FOLDER: kept,
    REHEARSAL_DATABASE: database,
  });
}

/** A zone with an id such as Route 53 gives: moto's begin with any letter, so it is asked until one begins with Z. */
async function hostedZone(aws: Aws, Name: string): Promise<string> {
  for (;;) {
    const made = await aws
      .client(Route53Client)
      .send(new CreateHostedZoneCommand({ Name, CallerReference: randomUUID() }));
    const id = made.HostedZone?.Id?.replace("/hostedzone/", "") ?? "";
    if (id.startsWith("Z")) return id;
    await aws.client(Route53Client).send(new DeleteHostedZoneCommand({ Id: id }));
  }
}
