import type { ConfigTexts } from "../project-files.ts";
import type { Abort } from "./abort.ts";
import type { OperationLog } from "./operation-log.ts";
import type { ProviderRegistry } from "./provider-registry.ts";
import type { Snapshot } from "./snapshot.ts";
import type { UrnScope } from "./urn.ts";

/** What everything that works on one operation shares. */
export interface OperationContext {
  readonly scope: UrnScope;
  /** A preview: nothing is changed and nothing is written. */
  readonly preview: boolean;
  readonly config: ConfigTexts;
  readonly snapshot: Snapshot;
  readonly providers: ProviderRegistry;
  readonly log: OperationLog;
  readonly abort: Abort;
}
