import {
  EngineError,
  type OperationOptions,
  type OperationResult,
  type StackReference,
  type UpdateRecord,
} from "../engine.ts";
import { openConfig, readProject, type Project } from "../project-files.ts";
import { Abort, AbortedError } from "./abort.ts";
import type { NodeChild } from "./child-process.ts";
import { Executor } from "./executor.ts";
import type { Monitor } from "./monitor.ts";
import { MonitorService } from "./monitor-service.ts";
import type { OperationContext } from "./operation-context.ts";
import { OperationLog } from "./operation-log.ts";
import { reportPendingOperations } from "./pending-operations.ts";
import { startProgram } from "./program-process.ts";
import { secretTexts } from "./secret-texts.ts";
import { redactSecrets, type PropertyMap } from "./property-value.ts";
import { PluginProcess } from "./provider-plugin.ts";
import { ProviderRegistry } from "./provider-registry.ts";
import { openSnapshot } from "./open-snapshot.ts";
import { StackLock } from "./stack-lock.ts";
import { StateBackend } from "./state-backend.ts";
import { UpdateHistory } from "./update-history.ts";

export type OperationKind = "preview" | "up" | "destroy" | "refresh";

const recordedKinds = { up: "update", destroy: "destroy", refresh: "refresh" } as const satisfies Partial<
  Record<OperationKind, UpdateRecord["kind"]>
>;

/** What an operation does between its start and its last save; returns the stack's outputs. */
export type OperationBody = (run: OperationRun) => Promise<PropertyMap>;

/** A started operation: its context and what it can start. */
export interface OperationRun {
  readonly context: OperationContext;
  readonly executor: Executor;
  /** Runs the program to its end; throws AbortedError when the operation is given up. */
  readonly runProgram: (monitor: Monitor) => Promise<void>;
}

/** Runs one operation under the stack's lock, recorded in its history; a preview has neither. */
export async function runOperation(
  stack: StackReference,
  kind: OperationKind,
  options: OperationOptions,
  body: OperationBody,
): Promise<OperationResult> {
  const from = performance.now();
  const log = new OperationLog(options.onEvent);
  if (options.signal?.aborted === true) throw new EngineError("cancelled", "cancelled before it began");
  const project = await readProject(stack);
  const lock =
    kind === "preview"
      ? undefined
      : await StackLock.acquire(stack, `shopctl ${kind}`, (message) => log.say("warning", message));
  try {
    const history =
      kind === "preview" ? undefined : await UpdateHistory.begin(stack, recordedKinds[kind], options.message ?? "");
    try {
      const outputs = await execute({ stack, kind, project, log, lock, signal: options.signal, body });
      await history?.end("succeeded", log.changes);
      return {
        changes: log.changes,
        steps: log.steps,
        outputs: redactSecrets(outputs) as PropertyMap,
        durationMs: performance.now() - from,
      };
    } catch (error) {
      // A full disk must not hide why the operation failed.
      await history?.end("failed", log.changes).catch(() => undefined);
      throw error;
    }
  } finally {
    await lock?.release();
  }
}

interface Execution {
  readonly stack: StackReference;
  readonly kind: OperationKind;
  readonly project: Project;
  readonly log: OperationLog;
  readonly lock: StackLock | undefined;
  readonly signal: AbortSignal | undefined;
  readonly body: OperationBody;
}

async function execute({ stack, kind, project, log, lock, signal, body }: Execution): Promise<PropertyMap> {
  const abort = new Abort();
  const backend = new StateBackend(stack);
  const served: { context?: OperationContext; monitor?: Monitor } = {};
  const service = await MonitorService.listen(() => ({
    context: served.context ?? ({ log, abort } as OperationContext),
    monitor: served.monitor,
  }));
  const adopt = async (child: NodeChild): Promise<void> => {
    const identity = await child.identity;
    if (identity !== undefined) await lock?.addChild(identity);
  };
  const providers = new ProviderRegistry({
    plugins: project.providers,
    engineAddress: service.address,
    start: async (plugin) =>
      await PluginProcess.start(plugin, {
        engineAddress: service.address,
        onLine: (line) => log.say("info", `${plugin.name}: ${line}`),
        onChild: adopt,
      }),
  });
  const onSignal = (): void => abort.because(new EngineError("cancelled", `the ${kind} was cancelled`));
  signal?.addEventListener("abort", onSignal);
  // After a failure the calls that still run come to their end; only someone who cancels wants them shortened.
  abort.onAbort(() => void (abort.reason?.code === "cancelled" && providers.cancel()));
  const children: NodeChild[] = [];
  try {
    // Plugins start while the key of the secrets is derived, which takes half a second.
    providers.warmUp();
    const [{ crypter, texts }, state] = await Promise.all([openConfig(stack), backend.load()]);
    log.hide(Object.values(texts).flatMap(({ text, secret }) => (secret ? secretTexts(text) : [])));
    reportPendingOperations(state, log);
    const snapshot = await openSnapshot(stack, state, crypter, async (deployment) => await backend.save(deployment));
    const context: OperationContext = {
      scope: { stack: stack.stack, project: stack.project },
      preview: kind === "preview",
      config: texts,
      snapshot,
      providers,
      log,
      abort,
    };
    served.context = context;
    const executor = new Executor(context);
    const runProgram = async (monitor: Monitor): Promise<void> => {
      served.monitor = monitor;
      const program = startProgram(project.main, stack.workDir, service.address, context);
      children.push(program);
      await adopt(program);
      await awaitProgram(program, monitor, context);
    };
    return await finishing(context, executor, backend, async () => await body({ context, executor, runProgram }));
  } finally {
    signal?.removeEventListener("abort", onSignal);
    await Promise.allSettled([providers.close(), ...children.map(async (child) => await child.end())]);
    service.close();
  }
}

/** Whatever happens, running steps are waited for and the state is written before the operation ends. */
async function finishing(
  { abort, snapshot, preview }: OperationContext,
  executor: Executor,
  backend: StateBackend,
  work: () => Promise<PropertyMap>,
): Promise<PropertyMap> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AbortedError && abort.reason !== undefined) throw abort.reason;
    throw error;
  } finally {
    await executor.idle();
    if (!preview) {
      await snapshot.flush();
      await backend.backUp();
    }
  }
}

/** Milliseconds that a program has to end by itself once the operation is given up. */
const programGraceMs = 3_000;

async function awaitProgram(program: NodeChild, monitor: Monitor, { abort, log }: OperationContext): Promise<void> {
  const given = new Promise<"given up">((resolve) => abort.onAbort(() => resolve("given up")));
  const first = await Promise.race([program.exited, given]);
  if (first === "given up") {
    await Promise.race([program.exited, new Promise((wake) => setTimeout(wake, programGraceMs).unref())]);
    await program.end(0);
    throw new AbortedError();
  }
  // The SDK may exit 0 after the engine gave up, and a program may exit 0 without having come to its end.
  abort.throwIfAborted();
  if (first.code === 0 && monitor.programEnded) return;
  const how = first.code === null ? `was ended by ${first.signal}` : `ended with exit code ${first.code}`;
  const why = log.errors.length === 0 ? "" : `: ${log.errors.join("\n")}`;
  abort.because(new EngineError("configuration", `the program ${how}${why}`));
  throw new AbortedError();
}
