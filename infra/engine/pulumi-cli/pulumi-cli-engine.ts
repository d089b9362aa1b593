import type { Stack } from "@pulumi/pulumi/automation/index.js";
import {
  EngineError,
  type Engine,
  type EngineEvent,
  type OperationOptions,
  type OperationResult,
  type StackReference,
  type UntypedDeployment,
  type UpdateRecord,
} from "../engine.ts";
import { canonicalJson } from "../canonical-json.ts";
import { setSecrets } from "../project-files.ts";
import { clearDeadLocks } from "../embedded/stack-lock.ts";
import { statePaths } from "../embedded/state-paths.ts";
import { exportStack } from "./export-stack.ts";
import type { PulumiCli } from "./find-cli.ts";
import { toEngineError } from "./map-error.ts";
import { EventMapper } from "./map-event.ts";
import { openExistingStack, openStack, openWorkspace } from "./open-stack.ts";

type Outputs = Record<string, { value: unknown; secret: boolean }>;

interface Flags {
  readonly onEvent: (event: Parameters<EventMapper["accept"]>[0]) => void;
  readonly color: "never";
  readonly message?: string;
  readonly signal?: AbortSignal;
}

type Work = (stack: Stack, flags: Flags) => Promise<Outputs>;

/** The Automation API on an installed Pulumi CLI. Its first operation on a stack makes the stack, a preview too. */
export class PulumiCliEngine implements Engine {
  readonly kind = "pulumi-cli";
  readonly version: string;
  readonly #cli: PulumiCli;

  constructor(cli: PulumiCli) {
    this.#cli = cli;
    this.version = cli.version;
  }

  async preview(stack: StackReference, options: OperationOptions): Promise<OperationResult> {
    const result = await this.#operate(stack, options, async (opened, { message: _unused, ...flags }) => {
      await opened.preview(flags);
      return {};
    });
    if (options.expectNoChanges === true) refuseChanges(result);
    return result;
  }

  async up(stack: StackReference, options: OperationOptions): Promise<OperationResult> {
    // The CLI's own flag complains only after it has made the changes.
    if (options.expectNoChanges === true) await this.preview(stack, { ...options, onEvent: () => {} });
    return await this.#operate(stack, options, async (opened, flags) => (await opened.up(flags)).outputs);
  }

  async refresh(stack: StackReference, options: OperationOptions): Promise<OperationResult> {
    return await this.#operate(stack, options, async (opened, { message, ...flags }) => {
      if (options.preview === true) await opened.previewRefresh(flags);
      else await opened.refresh({ ...flags, ...(message === undefined ? {} : { message }) });
      return await opened.outputs();
    });
  }

  async destroy(stack: StackReference, options: OperationOptions): Promise<OperationResult> {
    return await this.#operate(stack, options, async (opened, flags) => {
      await opened.destroy(flags);
      return {};
    });
  }

  async setSecrets(stack: StackReference, secrets: Readonly<Record<string, unknown>>): Promise<void> {
    const { secretsProvider = "passphrase" } = stack;
    if (secretsProvider === "passphrase") return await setSecrets(stack, secrets);
    const opened = await asked(() => openStack(this.#cli, stack));
    const entries = Object.entries(secrets).map(
      ([key, value]) =>
        [key, { value: typeof value === "string" ? value : canonicalJson(value), secret: true }] as const,
    );
    await asked(() => opened.setAllConfig(Object.fromEntries(entries)));
  }

  async outputs(
    stack: StackReference,
    options: { readonly showSecrets?: boolean } = {},
  ): Promise<Record<string, unknown>> {
    const opened = await this.#existing(stack);
    if (opened === undefined) return {};
    return plainOutputs(await asked(() => opened.outputs()), options.showSecrets === true);
  }

  async history(stack: StackReference): Promise<readonly UpdateRecord[]> {
    const opened = await this.#existing(stack);
    if (opened === undefined) return [];
    const updates = await asked(() => opened.history(undefined, undefined, false));
    return updates.map(({ kind, message, result, startTime, endTime, resourceChanges }, index) => ({
      version: updates.length - index,
      kind: kind === "destroy" || kind === "refresh" || kind === "update" ? kind : "import",
      message,
      result: result === "in-progress" || result === "succeeded" ? result : "failed",
      startedAt: startTime.toISOString(),
      ...(endTime === undefined ? {} : { endedAt: endTime.toISOString() }),
      changes: resourceChanges ?? {},
    }));
  }

  async exportState(stack: StackReference): Promise<UntypedDeployment> {
    if ((await this.#existing(stack)) === undefined) {
      throw new EngineError("no-such-stack", `no state of stack ${stack.stack}`);
    }
    return await asked(() => exportStack(this.#cli, stack));
  }

  async importState(stack: StackReference, deployment: UntypedDeployment): Promise<void> {
    const opened = await asked(() => openStack(this.#cli, stack));
    await asked(() => opened.importStack(deployment as Parameters<Stack["importStack"]>[0]));
  }

  async cancel(stack: StackReference, options: { readonly everyHostIsThis?: boolean } = {}): Promise<void> {
    if (stack.backendUrl.startsWith("file://")) return await clearDeadLocks(statePaths(stack).locks, () => {}, options);
    const opened = await this.#existing(stack);
    if (opened !== undefined) await asked(() => opened.cancel());
  }

  async removeStack(stack: StackReference): Promise<void> {
    const { workspace } = await asked(() => openWorkspace(this.#cli, stack));
    await asked(() => workspace.removeStack(stack.stack, { preserveConfig: true }));
  }

  async #existing(stack: StackReference): Promise<Stack | undefined> {
    return await asked(() => openExistingStack(this.#cli, stack));
  }

  async #operate(stack: StackReference, options: OperationOptions, work: Work): Promise<OperationResult> {
    const from = performance.now();
    const { message, signal } = options;
    const events = new EventMapper(options.onEvent);
    if (signal?.aborted === true) throw new EngineError("cancelled", "cancelled before it began");
    await recoverLocks(stack, options.onEvent ?? (() => {}));
    try {
      const opened = await openStack(this.#cli, stack);
      const outputs = await work(opened, {
        onEvent: (event) => events.accept(event),
        color: "never",
        ...(message === undefined ? {} : { message }),
        ...(signal === undefined ? {} : { signal }),
      });
      return {
        changes: events.changes,
        steps: events.steps,
        outputs: plainOutputs(outputs, false),
        durationMs: performance.now() - from,
      };
    } catch (error) {
      throw toEngineError(error, events, signal?.aborted);
    }
  }
}

/** The CLI never takes over a lock whose holder has died; where the state is a folder here, we can tell. */
async function recoverLocks(stack: StackReference, onEvent: (event: EngineEvent) => void): Promise<void> {
  if (!stack.backendUrl.startsWith("file://")) return;
  await clearDeadLocks(statePaths(stack).locks, (message) =>
    onEvent({ kind: "diagnostic", severity: "warning", message }),
  );
}

async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toEngineError(error);
  }
}

function plainOutputs(outputs: Outputs, showSecrets: boolean): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(outputs).map(([key, { value, secret }]) => [key, secret && !showSecrets ? "[secret]" : value]),
  );
}

function refuseChanges({ steps }: OperationResult): void {
  if (steps.length === 0) return;
  const names = steps.map(({ operation, name }) => `${operation} ${name}`).join(", ");
  throw new EngineError("unexpected-changes", `no changes were expected, but there are: ${names}`);
}
