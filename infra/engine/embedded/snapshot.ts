import type { StateResource, UntypedDeployment } from "../engine.ts";
import { magicOf } from "./check-deployment.ts";
import type { PendingKind, PendingOperation, ResourceState } from "./resource-state.ts";
import type { StateCodec } from "./state-codec.ts";
import { formatReference, parseReference, type Urn } from "./urn.ts";

/** Version that a manifest names; Pulumi only shows it. */
const manifestVersion = "v3.270.0-embedded";

/**
 * The state while an operation runs: what is already new, and what is still as it was. Dependencies stand before
 * dependents because the program registers them in that order and the old state had them so.
 */
export class Snapshot {
  readonly base: readonly ResourceState[];
  readonly #codec: StateCodec;
  readonly #save: (deployment: UntypedDeployment) => Promise<void>;
  readonly #salt: string;
  /** Time in the manifest of the last save. */
  #savedAtMs: number;
  readonly #fresh: ResourceState[] = [];
  readonly #gone = new Set<ResourceState>();
  readonly #pending = new Map<ResourceState, PendingKind>();
  /** Creations that an ended engine left open, until it is known what has become of them. */
  readonly #leftOpen: ResourceState[];
  readonly #renamed = new Map<Urn, Urn>();
  #saving: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #dirty = false;

  constructor(options: {
    readonly base: readonly ResourceState[];
    readonly leftOpen?: readonly ResourceState[];
    readonly codec: StateCodec;
    readonly encryptionSalt: string;
    /** Time in the manifest of the state that it begins with, in ms; 0 where there is none. */
    readonly savedAtMs: number;
    readonly save: (deployment: UntypedDeployment) => Promise<void>;
  }) {
    this.base = options.base;
    this.#leftOpen = [...(options.leftOpen ?? [])];
    this.#codec = options.codec;
    this.#salt = options.encryptionSalt;
    this.#savedAtMs = options.savedAtMs;
    this.#save = options.save;
  }

  /** Records that an operation on a resource starts, on disk before this returns. */
  async begin(kind: PendingKind, resource: ResourceState): Promise<void> {
    this.#pending.set(resource, kind);
    // The creation is done again; from now on the new entry stands for it.
    if (kind === "creating") this.settle(resource.urn);
    await this.flush();
  }

  /** The provider answered: the operation is no longer pending; `fresh` is in and `gone` is out. */
  async end(
    resource: ResourceState,
    change: { readonly fresh?: ResourceState; readonly gone?: ResourceState | undefined } = {},
  ): Promise<void> {
    this.#pending.delete(resource);
    this.#apply(change);
    await this.flush();
  }

  /** Takes a resource over without a change worth a write; the next write has it. */
  keep(change: { readonly fresh?: ResourceState; readonly gone: ResourceState }): void {
    this.#apply(change);
  }

  /** A resource was found under an old URN; what still names that one is to name the new one. */
  rename(from: Urn, to: Urn): void {
    this.#renamed.set(from, to);
  }

  isGone(resource: ResourceState): boolean {
    return this.#gone.has(resource);
  }

  leftOpen(): readonly ResourceState[] {
    return [...this.#leftOpen];
  }

  /** Forgets a creation that was left open. */
  settle(urn: Urn): void {
    const at = this.#leftOpen.findIndex((state) => state.urn === urn);
    if (at >= 0) this.#leftOpen.splice(at, 1);
  }

  /** Resources in the order of the state. */
  resources(): readonly ResourceState[] {
    return [...this.#fresh, ...this.base].filter((state) => !this.#gone.has(state));
  }

  pendingOperations(): readonly PendingOperation[] {
    const leftOpen = this.#leftOpen.map((resource): PendingOperation => ({ type: "creating", resource }));
    return [...leftOpen, ...[...this.#pending].map(([resource, type]) => ({ type, resource }))];
  }

  /** Writes the state; callers that come while a write runs share the next one. */
  async flush(): Promise<void> {
    this.#dirty = true;
    if (this.#saving === undefined) {
      this.#saving = this.#write().finally(() => (this.#saving = undefined));
      return await this.#saving;
    }
    this.#next ??= this.#saving
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#dirty ? this.flush() : undefined;
      });
    await this.#next;
  }

  deployment(): UntypedDeployment {
    // The newest of several copies is told by it: it goes on where the clock was set back.
    this.#savedAtMs = Math.max(Date.now(), this.#savedAtMs + 1);
    const time = new Date(this.#savedAtMs).toISOString();
    const pending = this.pendingOperations().map(({ type, resource }) => ({ resource: this.#encode(resource), type }));
    return {
      version: 3,
      deployment: {
        manifest: { time, magic: magicOf(manifestVersion), version: manifestVersion },
        secrets_providers: { type: "passphrase", state: { salt: this.#salt } },
        resources: this.resources().map((resource) => this.#encode(resource)),
        ...(pending.length === 0 ? {} : { pending_operations: pending }),
        metadata: {},
      },
    };
  }

  async #write(): Promise<void> {
    this.#dirty = false;
    await this.#save(this.deployment());
  }

  #apply({ fresh, gone }: { readonly fresh?: ResourceState; readonly gone?: ResourceState | undefined }): void {
    if (gone !== undefined) this.#gone.add(gone);
    if (fresh !== undefined) this.#fresh.push(fresh);
  }

  #encode(resource: ResourceState): StateResource {
    return this.#codec.encode(this.#renamed.size === 0 ? resource : renameEdges(resource, this.#renamed));
  }
}

/** The resource with every edge to a renamed resource following it. */
function renameEdges(resource: ResourceState, renamed: ReadonlyMap<Urn, Urn>): ResourceState {
  const now = (urn: Urn): Urn => renamed.get(urn) ?? urn;
  const { parent, provider, dependencies, propertyDependencies, deletedWith } = resource;
  const reference = provider === undefined ? undefined : parseReference(provider);
  return {
    ...resource,
    ...(parent === undefined ? {} : { parent: now(parent) }),
    ...(reference === undefined ? {} : { provider: formatReference({ ...reference, urn: now(reference.urn) }) }),
    ...(dependencies === undefined ? {} : { dependencies: dependencies.map(now) }),
    ...(deletedWith === undefined ? {} : { deletedWith: now(deletedWith) }),
    ...(propertyDependencies === undefined
      ? {}
      : {
          propertyDependencies: Object.fromEntries(
            Object.entries(propertyDependencies).map(([key, urns]) => [key, urns.map(now)]),
          ),
        }),
  };
}
