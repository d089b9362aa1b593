import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { PathPlan } from "../../environment/environment.ts";
import { removeService } from "../supervision/remove-service.ts";
import type { ResourceHandler } from "./resource-handler.ts";

interface Owned {
  /** Names the creation that owns the process; a deletion by an earlier owner does nothing. */
  readonly incarnation: string;
}

type Life<Inputs> = Pick<ResourceHandler<Inputs, Owned>, "create" | "update" | "exists" | "remove">;

/**
 * The life of a resource that is one supervised process: `start` makes it as wanted from whatever runs and returns when
 * it is healthy. One that does not get healthy is gone when its creation has failed.
 */
export function supervisedProcess<Inputs extends { readonly paths: PathPlan }>(process: {
  readonly name: (inputs: Inputs) => string;
  readonly stopTimeoutMs: number;
  readonly start: (wanted: Inputs, incarnation: string) => Promise<void>;
}): Life<Inputs> {
  const { name, stopTimeoutMs, start } = process;
  const remove = (inputs: Inputs, incarnation: string): Promise<void> =>
    removeService(inputs.paths, name(inputs), { stopTimeoutMs, incarnation });
  return {
    async create(wanted) {
      const incarnation = randomUUID();
      try {
        await start(wanted, incarnation);
      } catch (error) {
        await remove(wanted, incarnation);
        throw error;
      }
      return { id: `${wanted.paths.root}/${name(wanted)}`, outputs: { incarnation } };
    },
    async update(wanted, { incarnation }) {
      await start(wanted, incarnation);
      return { incarnation };
    },
    exists: async (state) => existsSync(join(state.paths.services, name(state))),
    remove: (state) => remove(state, state.incarnation),
  };
}
