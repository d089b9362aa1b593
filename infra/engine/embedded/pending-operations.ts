import type { UntypedDeployment } from "../engine.ts";
import type { OperationLog } from "./operation-log.ts";
import { nameOf } from "./urn.ts";

const doneAgain: Readonly<Record<string, string>> = {
  creating: "its creation is done again (a provider's Create finds what it began)",
  updating: "its update is done again if it is still wanted",
  deleting: "its deletion is done again if it is still wanted",
};

/**
 * Says what becomes of operations that an ended engine left open. The contract with our providers is that Create, Update
 * and Delete can be repeated, so the entries are dropped and the normal course of the operation repeats what is wanted.
 */
export function reportPendingOperations(state: UntypedDeployment | undefined, log: OperationLog): void {
  for (const { type, resource } of state?.deployment.pending_operations ?? []) {
    const what = doneAgain[type] ?? "it is forgotten";
    log.say("info", `${nameOf(resource.urn)} was ${type} when the engine ended before: ${what}`, resource.urn);
  }
}
