import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { CreateHostedZoneCommand, DeleteHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import type { AwsSettings } from "../../../infra/aws/settings.ts";
import type { Engine, EngineEvent, OperationResult, StackReference } from "../../../infra/engine/engine.ts";
import { ensurePassphrase, setConfig, writeProject } from "../../../infra/engine/project-files.ts";
import { installation } from "../../../infra/installation.ts";
import type { Topology } from "../../../infra/topology/topology.ts";
import { awsCredentials, awsSettings } from "../aws-graph.ts";
import { AwsAccess, type Aws } from "./aws-access.ts";
import { startMoto, type Moto } from "./start-moto.ts";

/** The AWS program on a stack of its own against an emulator: what `env create` and its like do to an account. */
export class Rehearsal {
  readonly stack: StackReference;
  readonly settings: AwsSettings;
  /** The account, in the shop's region. */
  readonly aws: Aws;
  readonly #access: AwsAccess;
  readonly #engine: Engine;
  readonly #folder: string;
  readonly #moto: Moto;

  private constructor(engine: Engine, folder: string, moto: Moto, settings: AwsSettings) {
    this.#engine = engine;
    this.#folder = folder;
    this.#moto = moto;
    this.settings = settings;
    this.#access = new AwsAccess(moto.url);
    this.aws = this.in(settings.region);
    this.stack = {
      project: "shopctl",
      stack: settings.name,
      workDir: join(folder, "pulumi"),
      backendUrl: pathToFileURL(join(folder, "state")).href,
      passphraseFile: join(folder, "passphrase"),
    };
  }

  /** Starts an emulator with the domain's zone in it. The project names the stand-in as its provider. */
  static async begin(engine: Engine): Promise<Rehearsal> {
    const [folder, moto] = await Promise.all([mkdtemp(join(tmpdir(), "rehearsal-")), startMoto()]);
    forProviders(moto.url);
    process.env["REHEARSAL_FOLDER"] = join(folder, "kept");
    const hostedZoneId = await hostedZone(new AwsAccess(moto.url).in(awsSettings.region, {}), awsSettings.domain);
    const rehearsal = new Rehearsal(engine, folder, moto, { ...awsSettings, hostedZoneId });
    await rehearsal.#prepare();
    return rehearsal;
  }

  /** The account in another region. */
  in(region: string): Aws {
    return this.#access.in(region, {});
  }

  /** Brings the shop to a topology; it runs the one image that there is. */
  async up(topology: Topology, onEvent: (event: EngineEvent) => void = () => undefined): Promise<OperationResult> {
    const wanted = { ...topology, release: { stable: Object.keys(this.settings.releases)[0] } };
    await setConfig(this.stack, { "shopctl:topology": { value: wanted } });
    return await this.#engine.up(this.stack, { onEvent });
  }

  /** What a refresh would find other than it was left. */
  async drift(): Promise<OperationResult["steps"]> {
    return (await this.#engine.refresh(this.stack, { preview: true })).steps;
  }

  async destroy(): Promise<OperationResult> {
    return await this.#engine.destroy(this.stack, {});
  }

  /** Lifts what protects the shop, as `env destroy` does before it destroys. */
  async retire(): Promise<OperationResult> {
    await setConfig(this.stack, { "shopctl:retiring": { value: new Date().toISOString() } });
    return await this.#engine.up(this.stack, {});
  }

  /** The deployment as it is on the disk. */
  async state(): Promise<string> {
    return JSON.stringify(await this.#engine.exportState(this.stack));
  }

  async end(): Promise<void> {
    await this.#moto.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #prepare(): Promise<void> {
    await mkdir(this.stack.workDir, { recursive: true });
    await ensurePassphrase(this.stack.passphraseFile);
    await writeProject(this.stack, {
      main: installation.awsProgram,
      providers: [
        { name: "aws", path: import.meta.dirname },
        { name: "shopctl", path: installation.provider },
      ],
    });
    await setConfig(this.stack, {
      "shopctl:target": { value: "aws" },
      "shopctl:settings": { value: this.settings },
      "shopctl:credentials": { value: awsCredentials, secret: true },
    });
  }
}

/** What plugins find the account by: keys that nobody has, for the emulator alone, also where the machine has real ones. */
function forProviders(url: string): void {
  delete process.env["AWS_PROFILE"];
  delete process.env["AWS_SESSION_TOKEN"];
  Object.assign(process.env, {
    SHOPCTL_AWS_STAND_IN: join(import.meta.dirname, "pulumi-resource-aws"),
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: "rehearsal",
    AWS_SECRET_ACCESS_KEY: "rehearsal",
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
