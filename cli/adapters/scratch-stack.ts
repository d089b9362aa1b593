import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StackReference } from "../../infra/engine/engine.ts";
import { setConfig } from "../../infra/engine/project-files.ts";
import type { Topology } from "../../infra/topology/topology.ts";

/** Lends a copy of a stack's work folder that is configured to a topology: a preview leaves the stack's own files alone. */
export async function withScratchStack<T>(
  stack: StackReference,
  topology: Topology,
  use: (scratch: StackReference) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "shopctl-preview-"));
  try {
    for (const file of ["Pulumi.yaml", `Pulumi.${stack.stack}.yaml`])
      await cp(join(stack.workDir, file), join(folder, file));
    const scratch = { ...stack, workDir: folder };
    await setConfig(scratch, { "shopctl:topology": { value: topology } });
    return await use(scratch);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
