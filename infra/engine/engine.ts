/**
 * What shopctl asks of a Pulumi engine. Implementations: `pulumi-cli/` (Automation API on an installed CLI) and
 * `embedded/` (the same program and state without a CLI). Both read the same project folder (`Pulumi.yaml`,
 * `Pulumi.<stack>.yaml`) and the same state backend.
 */
export interface Engine {
  readonly kind: "embedded" | "pulumi-cli";
  readonly version: string;
  preview(stack: StackReference, options: OperationOptions): Promise<OperationResult>;
  up(stack: StackReference, options: OperationOptions): Promise<OperationResult>;
  refresh(stack: StackReference, options: OperationOptions): Promise<OperationResult>;
  destroy(stack: StackReference, options: OperationOptions): Promise<OperationResult>;
  /** Outputs of the last update; secrets decrypted only with `showSecrets`. Empty for a stack never deployed. */
  outputs(stack: StackReference, options?: { readonly showSecrets?: boolean }): Promise<Record<string, unknown>>;
  /** Newest first. */
  history(stack: StackReference): Promise<readonly UpdateRecord[]>;
  /** Puts secrets into the stack's configuration, encrypted by its secrets provider; keeps the other values. */
  setSecrets(stack: StackReference, secrets: Readonly<Record<string, unknown>>): Promise<void>;
  /** The deployment in Pulumi's v3 form, secrets encrypted. */
  exportState(stack: StackReference): Promise<UntypedDeployment>;
  importState(stack: StackReference, deployment: UntypedDeployment): Promise<void>;
  /**
   * Removes the stack's lock when its holder is dead; refuses while the holder lives, or is on another host unless
   * `everyHostIsThis`: of a backend that no other machine has.
   */
  cancel(stack: StackReference, options?: { readonly everyHostIsThis?: boolean }): Promise<void>;
  /** Removes an empty stack, its state and its history. */
  removeStack(stack: StackReference): Promise<void>;
}

/** Where a stack's program, configuration and state are. */
export interface StackReference {
  /** Project name in Pulumi.yaml. */
  readonly project: string;
  readonly stack: string;
  /** Absolute folder of `Pulumi.yaml` and `Pulumi.<stack>.yaml`. */
  readonly workDir: string;
  /** `PULUMI_BACKEND_URL`, e.g. `file:///var/lib/shopctl/state`. */
  readonly backendUrl: string;
  /** File with the passphrase of the secrets provider, mode 600. */
  readonly passphraseFile: string;
  /** Who encrypts secrets, as `pulumi stack init --secrets-provider` takes it; a passphrase unless said. */
  readonly secretsProvider?: string;
}

export interface OperationOptions {
  /** Message of the update record, e.g. `step connection-pooler`. */
  readonly message?: string;
  readonly onEvent?: (event: EngineEvent) => void;
  /** Aborts the operation cleanly: running provider calls finish, then the state is saved. */
  readonly signal?: AbortSignal;
  /** Of a refresh: say what it would take over from reality, and change nothing. */
  readonly preview?: boolean;
  /** Refuse with `unexpected-changes` when anything but `same` would be done. */
  readonly expectNoChanges?: boolean;
}

export type ResourceOperation =
  "same" | "create" | "update" | "delete" | "replace" | "create-replacement" | "delete-replaced" | "read" | "refresh";

export type EngineEvent =
  | {
      readonly kind: "resource-started";
      readonly operation: ResourceOperation;
      readonly urn: string;
      readonly type: string;
      readonly name: string;
    }
  | {
      readonly kind: "resource-finished";
      readonly operation: ResourceOperation;
      readonly urn: string;
      readonly type: string;
      readonly name: string;
      readonly durationMs: number;
      readonly changedKeys: readonly string[];
    }
  | {
      readonly kind: "resource-failed";
      readonly operation: ResourceOperation;
      readonly urn: string;
      readonly type: string;
      readonly name: string;
      readonly message: string;
    }
  | {
      readonly kind: "diagnostic";
      readonly severity: "debug" | "info" | "warning" | "error";
      readonly message: string;
      readonly urn?: string;
    };

export interface OperationResult {
  /** Resources by what was (or, in a preview, would be) done to them. */
  readonly changes: Readonly<Partial<Record<ResourceOperation, number>>>;
  /** One entry a resource that is not `same`, in the order of the operations. */
  readonly steps: readonly {
    readonly operation: ResourceOperation;
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    readonly changedKeys: readonly string[];
    /** Of a refresh: what was found under the changed keys, secrets redacted; a key that is gone is missing here. */
    readonly found?: Readonly<Record<string, unknown>>;
  }[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly durationMs: number;
}

export interface UpdateRecord {
  readonly version: number;
  readonly kind: "update" | "destroy" | "refresh" | "import";
  readonly message: string;
  readonly result: "succeeded" | "failed" | "in-progress";
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly changes: Readonly<Partial<Record<ResourceOperation, number>>>;
}

/** `{version: 3, deployment: {manifest, secrets_providers, resources, pending_operations}}`, as `pulumi stack export` prints it. */
export interface UntypedDeployment {
  readonly version: number;
  readonly deployment: {
    readonly resources?: readonly StateResource[];
    readonly pending_operations?: readonly { readonly type: string; readonly resource: StateResource }[];
    readonly [key: string]: unknown;
  };
}

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly id?: string;
  readonly delete?: boolean;
  readonly parent?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly dependencies?: readonly string[];
  readonly [key: string]: unknown;
}

/** Why an engine gave up; `code` decides the CLI's exit code. */
export type EngineErrorCode =
  | "configuration" // bad project, config, passphrase or program
  | "cli-missing" // the program needs the Pulumi CLI, and none answers
  | "no-such-stack"
  | "locked" // another process holds the stack; `holder` says who
  | "resource-failed" // a provider operation failed; the state holds what was done
  | "unsupported" // the embedded engine does not do this; the message names the feature
  | "state-corrupt" // torn or tampered state
  | "unexpected-changes"
  | "cancelled";

export class EngineError extends Error {
  readonly code: EngineErrorCode;
  readonly holder: LockHolder | undefined;
  constructor(
    code: EngineErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly holder?: LockHolder } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = "EngineError";
    this.code = code;
    this.holder = options.holder;
  }
}

export interface LockHolder {
  readonly pid: number;
  readonly startedAt: string;
  readonly command: string;
  /** Name of its machine, where that is another one: then nothing here can tell whether it lives, and it counts as alive. */
  readonly host?: string;
  readonly alive: boolean;
}
