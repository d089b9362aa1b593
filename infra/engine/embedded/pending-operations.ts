import type { UntypedDeployment } from "../engine.ts";
import type { OperationContext } from "./operation-context.ts";
import type { OperationLog } from "./operation-log.ts";
import { callCreate, callDelete } from "./provider-calls.ts";
import { providerStateOf } from "./provider-registry.ts";
import type { ResourceState } from "./resource-state.ts";
import { nameOf, type Urn } from "./urn.ts";

const doneAgain: Readonly<Record<string, string>> = {
  creating: "its creation is done again (a provider's Create finds what it began)",
  updating: "its update is done again if it is still wanted",
  deleting: "its deletion is done again if it is still wanted",
};

/**
 * Says what becomes of operations that an ended engine left open. The contract with our providers is that Create, Update
 * and Delete can be repeated, so the normal course of the operation repeats what is still wanted.
 */
export function reportPendingOperations(state: UntypedDeployment | undefined, log: OperationLog): void {
  for (const { type, resource } of state?.deployment.pending_operations ?? []) {
    const what = doneAgain[type] ?? "it is forgotten";
    log.say("info", `${nameOf(resource.urn)} was ${type} when the engine ended before: ${what}`, resource.urn);
  }
}

/**
 * Clears what creations have left behind that an ended engine began and that nobody wants any more: a repeated Create
 * finds what there is and names it, then it is deleted. One that fails stays in the state for the next time.
 */
export async function clearAbandoned(context: OperationContext, isWanted: (urn: Urn) => boolean): Promise<void> {
  const { log, preview, snapshot } = context;
  if (preview) return;
  for (const state of snapshot.leftOpen()) {
    if (!isWanted(state.urn) && !(await clear(context, state))) continue;
    snapshot.settle(state.urn);
    if (isWanted(state.urn)) log.say("debug", `${nameOf(state.urn)} is there without its interrupted creation`);
  }
}

async function clear(context: OperationContext, state: ResourceState): Promise<boolean> {
  const { log, providers, snapshot } = context;
  const name = nameOf(state.urn);
  try {
    const provider = providerStateOf(snapshot.base, state.provider ?? "");
    if (provider !== undefined) await providers.ensure(provider);
    const made = await callCreate(context, state);
    await callDelete(context, { ...state, ...made });
    log.say(
      "info",
      `${name}, whose creation was interrupted and which is no longer wanted, has been removed`,
      state.urn,
    );
    return true;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log.say(
      "warning",
      `what the interrupted creation of ${name} left could not be removed (${why}); the next update tries again`,
      state.urn,
    );
    return false;
  }
}
