import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { createEnvironment } from "../../../../infra/environment/store.ts";
import type { LocalEnvironment } from "../../../../infra/environment/environment.ts";
import { listGroups } from "../../../../infra/local/host/cgroup.ts";
import { processesInside } from "../../../../infra/local/host/process-identity.ts";
import { removeEnvironmentFiles } from "../../../../infra/local/operations/teardown.ts";
import { localProvider } from "../../../../infra/local/provider/provider.ts";
import { waitUntil } from "../../../support/wait-until.ts";

type Properties = Record<string, unknown>;

/** A resource as an engine would hold it: what its creation gave back. */
export interface Held {
  readonly id: string;
  readonly state: Properties;
}

/** A new state home that the components' accounts can enter; `/tmp` itself they can. */
export function newHome(): string {
  const home = mkdtempSync("/tmp/shopctl-test-");
  chmodSync(home, 0o755);
  return home;
}

/** An environment whose resources tests make by calling the provider as an engine does, without an engine. */
export class TestEnvironment {
  readonly environment: LocalEnvironment;
  readonly home: string;

  private constructor(home: string, environment: LocalEnvironment) {
    this.home = home;
    this.environment = environment;
  }

  static async create(name = "test", home = newHome()): Promise<TestEnvironment> {
    const made = new TestEnvironment(home, await createEnvironment({ name, home }));
    await made.make("Supervisor", { paths: made.environment.paths });
    return made;
  }

  async make(type: string, inputs: Properties): Promise<Held> {
    const { inputs: checked, failures } = await localProvider.check(urnOf(type), {}, inputs);
    expect(failures).toEqual([]);
    const { id, outs } = await localProvider.create(urnOf(type), checked);
    return { id, state: outs };
  }

  async change(type: string, held: Held, inputs: Properties): Promise<Held> {
    const { outs } = await localProvider.update(held.id, urnOf(type), held.state, inputs);
    return { id: held.id, state: outs };
  }

  /** Begins a change in a process of its own and kills that as soon as `moment` has come. The state stays what it was. */
  async changeUntil(
    type: string,
    held: Held,
    inputs: Properties,
    moment: () => Promise<boolean> | boolean,
  ): Promise<void> {
    const update = { id: held.id, urn: urnOf(type), state: held.state, inputs };
    const child = startFixture("update-until-killed.ts", update);
    const exit = once(child, "exit");
    try {
      await waitUntil("the moment of the kill", moment);
    } finally {
      child.kill("SIGKILL");
    }
    expect(await exit).toEqual([null, "SIGKILL"]);
  }

  /** What an engine does on the next `up`: it asks for the difference to its state and updates when there is one. */
  async upTo(type: string, held: Held, inputs: Properties): Promise<"same" | "updated"> {
    if ((await this.diff(type, held, inputs)).changes !== true) return "same";
    await this.change(type, held, inputs);
    return "updated";
  }

  diff(type: string, held: Held, inputs: Properties): ReturnType<typeof localProvider.diff> {
    return localProvider.diff(held.id, urnOf(type), held.state, inputs);
  }

  async remove(type: string, held: Held): Promise<void> {
    await localProvider.delete(held.id, urnOf(type), held.state);
  }

  /** Begins a deletion in a process of its own that is killed as soon as a file changes. */
  async removeUntilChange(type: string, held: Held, file: string): Promise<void> {
    const deletion = { id: held.id, urn: urnOf(type), state: held.state, file };
    expect(await once(startFixture("remove-until-killed.ts", deletion), "exit")).toEqual([null, "SIGKILL"]);
  }

  /** Stops and removes everything, and proves that nothing stayed behind. */
  async destroy(): Promise<void> {
    const { root } = this.environment.paths;
    await removeEnvironmentFiles(this.environment);
    expect(existsSync(root)).toBe(false);
    expect(processesInside(root)).toEqual([]);
    expect(listGroups(root)).toEqual([]);
    rmSync(this.home, { recursive: true, force: true });
  }

  get logs(): string {
    return this.environment.paths.logs;
  }

  service(name: string): string {
    return join(this.environment.paths.services, name);
  }
}

function startFixture(name: string, argument: object): ChildProcess {
  const script = join(import.meta.dirname, "..", "fixtures", name);
  return spawn(process.execPath, [script, JSON.stringify(argument)], { stdio: "inherit" });
}

export function urnOf(type: string): string {
  return `urn:pulumi:test::shopctl::shopctl:local:${type}::it`;
}

/** What a database server of the free plan is made from. */
export function postgresInputs({ paths, ports }: LocalEnvironment): Properties {
  return {
    paths,
    port: ports.postgres,
    poolerPort: ports.pgbouncer,
    maxConnections: 25,
    cpu: 0.5,
    memoryMiB: 256,
    sharedBuffersMiB: 64,
    shopPassword: "shop-password-for-tests",
    poolerPassword: "pooler-password-for-tests",
  };
}
