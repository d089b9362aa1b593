import resproto from "@pulumi/pulumi/proto/resource_pb.js";
import { EngineError } from "../engine.ts";
import { DefaultProviders } from "./default-providers.ts";
import type { Executor } from "./executor.ts";
import { inheritFromParent, readGoal, type Goal } from "./goal.ts";
import { downgradeProperties, fromStruct, toStruct } from "./marshal.ts";
import type { OperationContext } from "./operation-context.ts";
import { propertiesEqual, type PropertyMap } from "./property-value.ts";
import { Registrar } from "./registrar.ts";
import { isProviderType, isStackType, packageOf, parseReference, typeOf, type Urn } from "./urn.ts";

/** What the program asks of the engine while it runs; `monitor-service.ts` speaks gRPC for it. */
export class Monitor {
  readonly registrar: Registrar;
  readonly #context: OperationContext;
  readonly #defaults: DefaultProviders;
  readonly #goals = new Map<Urn, Goal>();
  /** Providers that components pass on to what is inside them, by package. */
  readonly #componentProviders = new Map<Urn, Readonly<Record<string, string>>>();
  #stackUrn: Urn | undefined;
  #stackOutputs: PropertyMap | undefined;
  #ended = false;

  constructor(context: OperationContext, executor: Executor) {
    this.#context = context;
    this.registrar = new Registrar(context, executor);
    this.#defaults = new DefaultProviders(context.config, this.registrar);
  }

  /** Whether the program said that it has registered everything. */
  get programEnded(): boolean {
    return this.#ended;
  }

  end(): void {
    this.#ended = true;
  }

  async registerResource(request: resproto.RegisterResourceRequest): Promise<resproto.RegisterResourceResponse> {
    const read = readGoal(request);
    const inherited = inheritFromParent(read, read.parent === undefined ? undefined : this.#goals.get(read.parent));
    const passedOn = this.#passedOn(request, inherited);
    const provider = await this.#providerOf(inherited, passedOn, request.getVersion());
    const goal: Goal = { ...inherited, provider };
    const state = await this.#context.abort.race(this.registrar.register(goal));
    this.#goals.set(state.urn, goal);
    if (!goal.custom) this.#componentProviders.set(state.urn, passedOn);
    if (isStackType(goal.type)) this.#stackUrn = state.urn;
    const response = new resproto.RegisterResourceResponse();
    response.setUrn(state.urn);
    response.setId(state.id ?? "");
    // A component's outputs are what it registers later; old ones could name resources that are not there yet.
    response.setObject(toStruct(goal.custom ? state.outputs : {}));
    return response;
  }

  async registerOutputs(request: resproto.RegisterResourceOutputsRequest): Promise<void> {
    const urn = request.getUrn();
    const { properties } = downgradeProperties(fromStruct(request.getOutputs()));
    // The stack's outputs are written last, when it is known whether everything went well.
    if (urn === this.#stackUrn) {
      this.#stackOutputs = properties;
      return;
    }
    const state = this.registrar.registered(urn);
    if (state === undefined) throw new EngineError("configuration", `outputs for ${urn}, which is not registered`);
    const changed = !propertiesEqual(state.outputs, properties);
    state.outputs = properties;
    if (changed && !this.#context.preview) await this.#context.snapshot.flush();
  }

  /** Functions of explicit providers, and the one that the SDK itself asks: what a resource reference stands for. */
  async invoke(request: resproto.ResourceInvokeRequest): Promise<PropertyMap> {
    const token = request.getTok();
    const args = fromStruct(request.getArgs());
    if (token !== "pulumi:pulumi:getResource") {
      const reference = request.getProvider();
      if (reference === "") throw new EngineError("unsupported", `invoke ${token} by a default provider`);
      return await (await this.#context.providers.get(reference)).invoke(token, args);
    }
    const urn = args["urn"] as string;
    const state = this.registrar.registered(urn);
    if (state === undefined) throw new EngineError("configuration", `unknown resource ${urn}`);
    return { urn, id: state.id ?? "", state: state.outputs };
  }

  /** Puts the stack's outputs in place; after a failure those that were not given again stay as they were. */
  finish(failed: boolean): PropertyMap {
    const state = this.#stackUrn === undefined ? undefined : this.registrar.registered(this.#stackUrn);
    if (state === undefined) return {};
    const before = this.registrar.oldOf(state.urn)?.outputs ?? {};
    const now = this.#stackOutputs;
    state.outputs = failed || now === undefined ? { ...before, ...now } : now;
    return state.outputs;
  }

  #passedOn(request: resproto.RegisterResourceRequest, goal: Goal): Readonly<Record<string, string>> {
    const parents = goal.parent === undefined ? {} : (this.#componentProviders.get(goal.parent) ?? {});
    const own = new Map<string, string>();
    request.getProvidersMap().forEach((reference, name) => own.set(name, reference));
    return { ...parents, ...Object.fromEntries(own) };
  }

  /** Its own provider, its parent's, one that a component passes on, or the package's default. */
  async #providerOf(
    goal: Goal,
    passedOn: Readonly<Record<string, string>>,
    version: string,
  ): Promise<string | undefined> {
    if (!goal.custom || isProviderType(goal.type)) return undefined;
    const name = packageOf(goal.type);
    const ofParent = goal.parent === undefined ? undefined : this.#goals.get(goal.parent)?.provider;
    const inherited =
      ofParent !== undefined && packageOf(typeOf(parseReference(ofParent).urn)) === name ? ofParent : undefined;
    const given = goal.provider ?? inherited ?? passedOn[name];
    if (given !== undefined) return given;
    // A plugin comes by its path; which version it is of cannot be chosen.
    if (version !== "") throw new EngineError("unsupported", `a default provider of version ${version} (${goal.type})`);
    return await this.#context.abort.race(this.#defaults.referenceFor(name));
  }
}
