import * as pulumi from "@pulumi/pulumi";
import type { Topology } from "../../infra/topology/topology.ts";

export interface MockedProgram {
  readonly load: () => Promise<{ readonly topology: pulumi.Output<Topology> | Topology }>;
  /** Without its "shopctl:". */
  readonly config: Readonly<Record<string, unknown>>;
  readonly credentials: object;
  readonly preview?: boolean;
  /** What a provider says of a resource beyond what it was given. */
  readonly answersOf?: (type: string, name: string, inputs: Readonly<Record<string, unknown>>) => object;
}

export interface ProgramOrder {
  /** Types of what was registered, and "topology" when that output was there. */
  readonly order: readonly string[];
  readonly topology: unknown;
}

/**
 * Runs a Pulumi program of ours on Pulumi's mocks, for which a resource is there once it is asked for. One at a time: the
 * mocks are the process's.
 */
export async function runMockedProgram({
  load,
  config,
  credentials,
  preview = false,
  answersOf = () => ({}),
}: MockedProgram): Promise<ProgramOrder> {
  const order: string[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        order.push(type);
        return { id: `${name}-id`, state: { ...answersOf(type, name, inputs), ...inputs } };
      },
      call: ({ inputs }) => ({ ...inputs, id: "mocked", accountId: "123456789012" }),
    },
    "shopctl",
    "shop",
    preview,
  );
  const all = Object.entries({ ...config, credentials }).map(([key, value]): [string, string] => [
    `shopctl:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig(Object.fromEntries(all), ["shopctl:credentials"]);
  const program = await load();
  const topology = await new Promise<unknown>((resolve) => {
    pulumi.output(program.topology).apply((value) => {
      order.push("topology");
      resolve(value);
    });
  });
  await pulumi.runtime.disconnect();
  return { order, topology };
}
