import { createRequire } from "node:module";
import {
  EngineError,
  type Engine,
  type OperationOptions,
  type OperationResult,
  type StackReference,
  type UntypedDeployment,
  type UpdateRecord,
} from "../engine.ts";
import { openConfig, setSecrets } from "../project-files.ts";
import { findDamage } from "./check-deployment.ts";
import { deleteAll } from "./deletions.ts";
import { Monitor } from "./monitor.ts";
import { openSnapshot } from "./open-snapshot.ts";
import { clearAbandoned } from "./pending-operations.ts";
import { redactSecrets, withoutSecrets, type PropertyMap } from "./property-value.ts";
import { readAll } from "./read-all.ts";
import type { ResourceState } from "./resource-state.ts";
import { runOperation, type OperationBody } from "./run-operation.ts";
import { clearDeadLocks, StackLock } from "./stack-lock.ts";
import { StateBackend } from "./state-backend.ts";
import { statePaths } from "./state-paths.ts";
import { readHistory, UpdateHistory } from "./update-history.ts";
import { isStackType } from "./urn.ts";

/**
 * Pulumi's engine for machines without a Pulumi CLI: the same program, plugins and state, for what our program uses.
 * Anything else is refused with EngineError `unsupported` that names it.
 */
export class EmbeddedEngine implements Engine {
  readonly kind = "embedded";
  readonly version = sdkVersion();

  async preview(stack: StackReference, options: OperationOptions): Promise<OperationResult> {
    const result = await runOperation(stack, "preview", options, runProgramThenDelete);
    if (options.expectNoChanges === true) refuseChanges(result);
    return { ...result, outputs: {} };
  }

  async up(stack: StackReference, options: OperationOptions): Promise<OperationResult> {
    if (options.expectNoChanges === true) await this.preview(stack, { ...options, onEvent: () => {} });
    return await runOperation(stack, "up", options, runProgramThenDelete);
  }

  async destroy(stack: StackReference, options: OperationOptions): Promise<OperationResult> {
    return await runOperation(stack, "destroy", options, async ({ context, executor }) => {
      await clearAbandoned(context, (urn) => context.snapshot.base.some((state) => state.urn === urn));
      await deleteAll(context, executor, context.snapshot.base);
      return {};
    });
  }

  async refresh(stack: StackReference, options: OperationOptions): Promise<OperationResult> {
    const kind = options.preview === true ? "preview" : "refresh";
    return await runOperation(stack, kind, options, async ({ context }) => {
      await readAll(context);
      return stackOutputs(context.snapshot.resources());
    });
  }

  async setSecrets(stack: StackReference, secrets: Readonly<Record<string, unknown>>): Promise<void> {
    await setSecrets(stack, secrets);
  }

  async outputs(
    stack: StackReference,
    options: { readonly showSecrets?: boolean } = {},
  ): Promise<Record<string, unknown>> {
    const state = await new StateBackend(stack).load();
    const root = state?.deployment.resources?.find(({ type }) => isStackType(type));
    const outputs = (root?.outputs ?? {}) as PropertyMap;
    if (options.showSecrets !== true) return redactSecrets(outputs) as Record<string, unknown>;
    const { crypter } = await openConfig(stack);
    const snapshot = await openSnapshot(stack, state, crypter, async () => {});
    return withoutSecrets(stackOutputs(snapshot.base)) as Record<string, unknown>;
  }

  async history(stack: StackReference): Promise<readonly UpdateRecord[]> {
    return await readHistory(stack);
  }

  async exportState(stack: StackReference): Promise<UntypedDeployment> {
    const state = await new StateBackend(stack).load();
    if (state === undefined) throw new EngineError("no-such-stack", `no state of stack ${stack.stack}`);
    return state;
  }

  async importState(stack: StackReference, deployment: UntypedDeployment): Promise<void> {
    const damage =
      deployment.version === 3 ? findDamage(deployment.deployment) : `its version is ${deployment.version}`;
    if (damage !== undefined) throw new EngineError("state-corrupt", `the deployment cannot be imported: ${damage}`);
    const lock = await StackLock.acquire(stack, "shopctl import");
    try {
      const history = await UpdateHistory.begin(stack, "import", "");
      const backend = new StateBackend(stack);
      await backend.save(deployment);
      await backend.backUp();
      await history.end("succeeded", {});
    } finally {
      await lock.release();
    }
  }

  async cancel(stack: StackReference, options: { readonly everyHostIsThis?: boolean } = {}): Promise<void> {
    await clearDeadLocks(statePaths(stack).locks, () => {}, options);
  }

  async removeStack(stack: StackReference): Promise<void> {
    const backend = new StateBackend(stack);
    const resources = (await backend.load())?.deployment.resources ?? [];
    if (resources.length > 0) {
      throw new EngineError(
        "configuration",
        `stack ${stack.stack} still has ${resources.length} resources; destroy them first`,
      );
    }
    const lock = await StackLock.acquire(stack, "shopctl remove");
    try {
      await backend.remove();
    } finally {
      await lock.release();
    }
  }
}

/** What an update and a preview do: run the program, then delete what it no longer asks for. */
const runProgramThenDelete: OperationBody = async ({ context, executor, runProgram }) => {
  const monitor = new Monitor(context, executor);
  let failed = true;
  try {
    await runProgram(monitor);
    await executor.idle();
    context.abort.throwIfAborted();
    await clearAbandoned(context, (urn) => monitor.registrar.registered(urn) !== undefined);
    await deleteAll(context, executor, monitor.registrar.condemned());
    failed = false;
  } finally {
    await executor.idle();
    monitor.finish(failed);
  }
  return monitor.finish(false);
};

function stackOutputs(states: readonly ResourceState[]): PropertyMap {
  return states.find(({ type }) => isStackType(type))?.outputs ?? {};
}

function refuseChanges({ steps }: OperationResult): void {
  if (steps.length === 0) return;
  const names = steps.map(({ operation, name }) => `${operation} ${name}`).join(", ");
  throw new EngineError("unexpected-changes", `no changes were expected, but there are: ${names}`);
}

function sdkVersion(): string {
  const manifest = createRequire(import.meta.url)("@pulumi/pulumi/package.json") as { version: string };
  return manifest.version;
}
