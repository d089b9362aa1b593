import provproto from "@pulumi/pulumi/proto/provider_pb.js";
import emptyproto from "google-protobuf/google/protobuf/empty_pb.js";
import type { ProviderDiff } from "./decide-change.ts";
import { fromStruct, markSecrets, toStruct } from "./marshal.ts";
import { containsUnknown, withoutSecrets, type PropertyMap } from "./property-value.ts";
import {
  about,
  adapt,
  checkRequest,
  checkResult,
  diffResult,
  plain,
  type CheckResult,
  type Existing,
} from "./provider-messages.ts";
import { ProviderError } from "./provider-error.ts";
import type { PluginProcess } from "./provider-plugin.ts";
import { nameOf, typeOf, type Urn } from "./urn.ts";

export interface Outcome {
  readonly id: string;
  readonly outputs: PropertyMap;
}

/** The provider protocol on one plugin process, with properties as the engine keeps them. */
export class Provider {
  readonly plugin: PluginProcess;
  #acceptSecrets = false;
  #acceptResources = false;
  #supportsPreview = false;
  /** False in a preview in which its configuration depends on something not made yet: it is then not called. */
  #configKnown = true;

  constructor(plugin: PluginProcess) {
    this.plugin = plugin;
  }

  /** Providers may lack the handshake; they then say at Configure what they accept. */
  async handshake(engineAddress: string): Promise<void> {
    const request = new provproto.ProviderHandshakeRequest();
    request.setEngineAddress(engineAddress);
    const response = await this.plugin.callIfThere<provproto.ProviderHandshakeResponse>((client, reply) =>
      client.handshake(request, reply),
    );
    this.#acceptSecrets = response?.getAcceptSecrets() ?? false;
    this.#acceptResources = response?.getAcceptResources() ?? false;
  }

  async checkConfig(urn: Urn, olds: PropertyMap, news: PropertyMap): Promise<CheckResult> {
    const response = await this.plugin.callIfThere<provproto.CheckResponse>((client, reply) =>
      client.checkConfig(checkRequest(urn, plain(olds), plain(news)), reply),
    );
    return response === undefined ? { inputs: news, failures: [] } : checkResult(response);
  }

  /** What a change of configuration means; undefined when the provider has no opinion. */
  async diffConfig(
    urn: Urn,
    before: { inputs: PropertyMap; outputs: PropertyMap },
    news: PropertyMap,
  ): Promise<ProviderDiff | undefined> {
    const request = new provproto.DiffRequest();
    request.setUrn(urn);
    request.setOldInputs(toStruct(plain(before.inputs)));
    request.setOlds(toStruct(plain(before.outputs)));
    request.setNews(toStruct(plain(news)));
    const response = await this.plugin.callIfThere<provproto.DiffResponse>((client, reply) =>
      client.diffConfig(request, reply),
    );
    return response === undefined ? undefined : diffResult(response);
  }

  async configure(urn: Urn, id: string, inputs: PropertyMap): Promise<void> {
    this.#configKnown = !containsUnknown(inputs);
    if (!this.#configKnown) return;
    const request = new provproto.ConfigureRequest();
    request.setArgs(toStruct(inputs));
    const variables = request.getVariablesMap();
    for (const [key, value] of Object.entries(inputs)) {
      const open = withoutSecrets(value);
      if (key !== "version")
        variables.set(
          `${typeOf(urn).split(":")[2]}:config:${key}`,
          typeof open === "string" ? open : JSON.stringify(open),
        );
    }
    request.setAcceptsecrets(true);
    request.setAcceptresources(true);
    request.setSendsOldInputs(true);
    request.setSendsOldInputsToDelete(true);
    request.setUrn(urn);
    request.setId(id);
    request.setName(nameOf(urn));
    request.setType(typeOf(urn));
    const response = await this.plugin.call<provproto.ConfigureResponse>((client, reply) =>
      client.configure(request, reply),
    );
    this.#acceptSecrets ||= response.getAcceptsecrets();
    this.#acceptResources ||= response.getAcceptresources();
    this.#supportsPreview = response.getSupportspreview();
  }

  async check(urn: Urn, olds: PropertyMap, news: PropertyMap): Promise<CheckResult> {
    if (!this.#configKnown) return { inputs: news, failures: [] };
    const { inputs, failures } = checkResult(
      await this.plugin.call<provproto.CheckResponse>((client, reply) =>
        client.check(checkRequest(urn, this.#accepted(olds), this.#accepted(news)), reply),
      ),
    );
    // What was given as a secret comes back open from a provider that knows none.
    return { inputs: markSecrets(inputs, news, []), failures };
  }

  async diff(resource: Existing, news: PropertyMap, ignoreChanges: readonly string[]): Promise<ProviderDiff> {
    if (!this.#configKnown) return { changes: "some", replaceKeys: [], changedKeys: [], deleteBeforeReplace: false };
    const request = about(new provproto.DiffRequest(), resource);
    request.setOldInputs(this.#struct(resource.oldInputs));
    request.setOlds(this.#struct(resource.oldOutputs));
    request.setNews(this.#struct(news));
    request.setIgnorechangesList([...ignoreChanges]);
    return diffResult(await this.plugin.call<provproto.DiffResponse>((client, reply) => client.diff(request, reply)));
  }

  /** In a preview most providers are not asked: the outputs are then the inputs, and there is no id. */
  async create(urn: Urn, inputs: PropertyMap, options: { timeout: number; preview: boolean }): Promise<Outcome> {
    if (options.preview && !(this.#supportsPreview && this.#configKnown)) return { id: "", outputs: inputs };
    const request = new provproto.CreateRequest();
    request.setUrn(urn);
    request.setName(nameOf(urn));
    request.setType(typeOf(urn));
    request.setProperties(this.#struct(inputs));
    request.setTimeout(options.timeout);
    request.setPreview(options.preview);
    const response = await this.plugin.call<provproto.CreateResponse>((client, reply) => client.create(request, reply));
    return { id: response.getId(), outputs: fromStruct(response.getProperties()) };
  }

  async update(
    resource: Existing,
    news: PropertyMap,
    options: { timeout: number; preview: boolean; ignoreChanges: readonly string[] },
  ): Promise<PropertyMap> {
    if (options.preview && !(this.#supportsPreview && this.#configKnown)) return news;
    const request = about(new provproto.UpdateRequest(), resource);
    request.setOldInputs(this.#struct(resource.oldInputs));
    request.setOlds(this.#struct(resource.oldOutputs));
    request.setNews(this.#struct(news));
    request.setTimeout(options.timeout);
    request.setPreview(options.preview);
    request.setIgnorechangesList([...options.ignoreChanges]);
    return fromStruct(
      (
        await this.plugin.call<provproto.UpdateResponse>((client, reply) => client.update(request, reply))
      ).getProperties(),
    );
  }

  async delete(resource: Existing, timeout: number): Promise<void> {
    const request = about(new provproto.DeleteRequest(), resource);
    request.setOldInputs(this.#struct(resource.oldInputs));
    request.setProperties(this.#struct(resource.oldOutputs));
    request.setTimeout(timeout);
    await this.plugin.call<emptyproto.Empty>((client, reply) => client.delete(request, reply));
  }

  /** The resource as it is now; undefined when it is gone. */
  async read(
    resource: Existing,
  ): Promise<{ id: string; inputs: PropertyMap | undefined; outputs: PropertyMap } | undefined> {
    const request = about(new provproto.ReadRequest(), resource);
    request.setInputs(this.#struct(resource.oldInputs));
    request.setProperties(this.#struct(resource.oldOutputs));
    const response = await this.plugin.call<provproto.ReadResponse>((client, reply) => client.read(request, reply));
    if (response.getId() === "") return undefined;
    const inputs = response.getInputs();
    return {
      id: response.getId(),
      inputs: inputs === undefined ? undefined : markSecrets(fromStruct(inputs), resource.oldInputs, []),
      outputs: fromStruct(response.getProperties()),
    };
  }

  /** A function of the provider; ProviderError when it refuses the arguments. */
  async invoke(token: string, args: PropertyMap): Promise<PropertyMap> {
    const request = new provproto.InvokeRequest();
    request.setTok(token);
    request.setArgs(this.#struct(args));
    const response = await this.plugin.call<provproto.InvokeResponse>((client, reply) => client.invoke(request, reply));
    const reasons = response.getFailuresList().map((each) => each.getReason());
    if (reasons.length > 0) throw new ProviderError(`${token}: ${reasons.join("; ")}`, { answered: true });
    return fromStruct(response.getReturn());
  }

  /** Asks the provider to end its running calls soon. */
  async cancel(): Promise<void> {
    await this.plugin.callIfThere<emptyproto.Empty>((client, reply) => client.cancel(new emptyproto.Empty(), reply));
  }

  #struct(properties: PropertyMap): ReturnType<typeof toStruct> {
    return toStruct(this.#accepted(properties));
  }

  /** The properties in the forms that this provider understands. */
  #accepted(properties: PropertyMap): PropertyMap {
    return adapt(properties, { secrets: this.#acceptSecrets, resources: this.#acceptResources }) as PropertyMap;
  }
}
