import { expect, it } from "vitest";
import { Abort, AbortedError } from "../../../infra/engine/embedded/abort.ts";
import { findDamage } from "../../../infra/engine/embedded/check-deployment.ts";
import { deleteAll } from "../../../infra/engine/embedded/deletions.ts";
import { Executor } from "../../../infra/engine/embedded/executor.ts";
import type { OperationContext } from "../../../infra/engine/embedded/operation-context.ts";
import { OperationLog } from "../../../infra/engine/embedded/operation-log.ts";
import type { ResourceState } from "../../../infra/engine/embedded/resource-state.ts";
import { Snapshot } from "../../../infra/engine/embedded/snapshot.ts";
import { StateCodec } from "../../../infra/engine/embedded/state-codec.ts";
import type { UntypedDeployment } from "../../../infra/engine/engine.ts";

const full = "ENOSPC: no space left on device, write";
const provider = "urn:pulumi:dev::shop::pulumi:providers:t::default";
const urnOf = (name: string): string => `urn:pulumi:dev::shop::t:m:T::${name}`;
const thing = (name: string, dependencies: readonly string[] = []): ResourceState => ({
  urn: urnOf(name),
  type: "t:m:T",
  custom: true,
  id: name,
  inputs: {},
  outputs: {},
  provider: `${provider}::1`,
  dependencies: dependencies.map(urnOf),
});

/** An instance that runs on a database is deleted while the disk is full for some of the writes, the first being 1. */
async function deleteWhileFull({
  fullAt,
  instance = {},
}: {
  readonly fullAt: readonly number[];
  readonly instance?: Partial<ResourceState>;
}) {
  const base: readonly ResourceState[] = [
    { urn: provider, type: "pulumi:providers:t", custom: true, id: "1", inputs: {}, outputs: {} },
    thing("database"),
    { ...thing("instance", ["database"]), ...instance },
  ];
  const deleted: string[] = [];
  const told: string[] = [];
  const saved: UntypedDeployment["deployment"][] = [];
  let saves = 0;
  const snapshot = new Snapshot({
    base,
    codec: new StateCodec({ encryptionSalt: "", encrypt: (text) => text, decrypt: (text) => text }),
    encryptionSalt: "",
    savedAtMs: 0,
    save: async ({ deployment }) => {
      saves += 1;
      if (fullAt.includes(saves)) throw Object.assign(new Error(full), { code: "ENOSPC" });
      saved.push(deployment);
    },
  });
  const plugin = { delete: async ({ id }: { readonly id: string }) => void deleted.push(id) };
  const providers = { ensure: async () => {}, get: async () => plugin, delete: async () => {} };
  const context: OperationContext = {
    scope: { stack: "dev", project: "shop" },
    preview: false,
    config: {},
    snapshot,
    providers: providers as unknown as OperationContext["providers"],
    log: new OperationLog((event) => {
      if (event.kind !== "diagnostic") told.push(`${event.kind.replace("resource-", "")} ${event.name}`);
    }),
    abort: new Abort(),
  };
  await expect(deleteAll(context, new Executor(context), base)).rejects.toBeInstanceOf(AbortedError);
  // What every operation ends with.
  await snapshot.flush();
  const last = saved.at(-1);
  return {
    reason: { code: context.abort.reason?.code, message: context.abort.reason?.message },
    deleted,
    told,
    left: last?.resources?.map(({ urn }) => urn.split("::").at(-1)),
    damage: last === undefined ? "nothing was written" : findDamage(last),
  };
}

it("deletes nothing that a resource depends on whose deletion could not be written down", async () => {
  expect(await deleteWhileFull({ fullAt: [1] })).toEqual({
    reason: { code: "resource-failed", message: `delete of instance (t:m:T) failed: ${full}` },
    deleted: [],
    told: ["started instance", "failed instance"],
    left: ["default", "database", "instance"],
    damage: undefined,
  });
});

it("stops after a deletion of which neither the result nor a failure could be written", async () => {
  expect(await deleteWhileFull({ fullAt: [2, 3] })).toEqual({
    reason: { code: "resource-failed", message: `delete of instance (t:m:T) failed: ${full}` },
    deleted: ["instance"],
    told: ["started instance", "failed instance"],
    left: ["default", "database"],
    damage: undefined,
  });
});

it("stops after one that had been deleted before and could not be taken out of the state", async () => {
  expect(await deleteWhileFull({ fullAt: [1], instance: { pendingReplacement: true } })).toEqual({
    reason: { code: "resource-failed", message: full },
    deleted: [],
    told: [],
    left: ["default", "database"],
    damage: undefined,
  });
});
