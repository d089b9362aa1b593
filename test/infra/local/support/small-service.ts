import { join } from "node:path";
import { contentHash } from "../../../../infra/local/release/content-hash.ts";
import type { Held, TestEnvironment } from "./test-environment.ts";

const source = join(import.meta.dirname, "..", "fixtures", "small-service");

/** Installs the small service as a release. */
export function makeSmallRelease(test: TestEnvironment): Promise<Held> {
  return test.make("Release", {
    releases: test.environment.paths.releases,
    source,
    hash: contentHash(source),
    node: process.execPath,
  });
}

/** Inputs of an instance of it; `variables` decide over its name and behaviour. */
export function instanceInputs(
  test: TestEnvironment,
  release: Held,
  variables: Record<string, string> = {},
  readyTimeoutMs = 20_000,
): Record<string, unknown> {
  const { paths, ports } = test.environment;
  return {
    paths,
    ports: { first: ports.instanceFirst, count: ports.instanceCount },
    slot: 1,
    releaseFolder: release.state["folder"],
    cpu: 0.5,
    memoryMiB: 512,
    readyTimeoutMs,
    stopTimeoutMs: 5_000,
    variables,
    secretVariables: {},
  };
}

/** An instance as the router's inputs name it. */
export function serverOf(instance: Held): Record<string, unknown> {
  const { instance: name, httpPort, internalPort } = instance.state;
  return { name, httpPort, internalPort };
}
