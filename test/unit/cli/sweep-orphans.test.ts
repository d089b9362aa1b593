import { expect, it } from "vitest";
import { pathPlanOf } from "../../../infra/environment/path-plan.ts";
import type { Session } from "../../../cli/adapters/session.ts";
import { sweepOrphans } from "../../../cli/adapters/sweep-orphans.ts";

it.each([
  ["s3://states", {}, []],
  ["s3://states", { isAsked: true }, ["cancel"]],
  ["file:///var/lib/shopctl", {}, ["cancel"]],
])(
  "a lock of %s is freed when nobody can be at work under it, or when that is asked for: %j",
  async (backendUrl, options, freed) => {
    const calls: string[] = [];
    const session = {
      environment: { name: "demo", target: "aws", paths: pathPlanOf("/var/lib/shopctl", "demo") },
      stack: { backendUrl },
      engine: async () => ({
        cancel: async () => void calls.push("cancel"),
        exportState: async () => ({ deployment: { resources: [] } }),
      }),
      target: async () => ({ findOrphans: async () => [], removeOrphans: async () => undefined }),
    };
    expect(await sweepOrphans(session as unknown as Session, options)).toEqual([]);
    expect(calls).toEqual(freed);
  },
);
