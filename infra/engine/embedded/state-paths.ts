import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { EngineError, type StackReference } from "../engine.ts";

/** Where a stack's state is, in the layout of Pulumi's own file backend (`.pulumi/meta.yaml` version 1). */
export interface StatePaths {
  readonly meta: string;
  readonly checkpoint: string;
  /** The save before the last. */
  readonly previous: string;
  /** Checksum of the last save by this engine; Pulumi does not know it. */
  readonly checksum: string;
  /** One copy of the checkpoint an operation. */
  readonly backups: string;
  readonly history: string;
  readonly locks: string;
}

/** Throws EngineError `unsupported` for a backend that is not a folder. */
export function statePaths(stack: StackReference): StatePaths {
  const root = join(backendFolder(stack.backendUrl), ".pulumi");
  const inside = (kind: string): string => join(root, kind, stack.project, stack.stack);
  return {
    meta: join(root, "meta.yaml"),
    checkpoint: `${inside("stacks")}.json`,
    previous: `${inside("stacks")}.json.bak`,
    checksum: join(inside("checksums"), "checkpoint.json"),
    backups: inside("backups"),
    history: inside("history"),
    locks: join(root, "locks", "organization", stack.project, stack.stack),
  };
}

function backendFolder(url: string): string {
  if (!url.startsWith("file://")) {
    throw new EngineError("unsupported", `state backend ${url.split(":")[0]}: (the embedded engine has file:// only)`);
  }
  if (url.startsWith("file://~")) return join(homedir(), url.slice("file://~".length));
  return fileURLToPath(url);
}
