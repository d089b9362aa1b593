import { execFile } from "node:child_process";
import { z } from "zod";
import type { AwsSettings } from "../../infra/aws/settings.ts";
import { installation } from "../../infra/installation.ts";
import { splitRelease } from "../../infra/topology/release-choice.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import { awsPrices } from "../planning/cost/aws-prices.ts";
import { priceOn, type Cost } from "../planning/cost.ts";
import type { NewShop } from "./create-environment.ts";

/** What `env create --target aws --dry-run --json` prints. */
export interface OutlineReport {
  readonly schema: "shopctl.env.create.outline/1";
  readonly environment: string;
  readonly url: string;
  readonly region: string;
  readonly topology: Omit<Topology, "release">;
  /** Resources of AWS by their type, most first. */
  readonly resources: readonly { readonly type: string; readonly count: number }[];
  readonly total: number;
  /** Without what is paid by use. */
  readonly cost: Cost;
  readonly prices: { readonly name: string; readonly region: string; readonly knownOn: string };
}

const listed = z.array(z.object({ type: z.string(), name: z.string() }));
const timeoutMs = 120_000;

/** What would be made, asked of the program by Pulumi's mocks: it needs neither a CLI nor credentials, and AWS is not asked. */
export async function outlineReport(settings: AwsSettings, { topology, release }: NewShop): Promise<OutlineReport> {
  const wanted = { ...topology, release: { stable: release } };
  const own = (await askProgram(settings, wanted)).filter(({ type }) => type.startsWith("aws:"));
  const counts = Map.groupBy(own, ({ type }) => type);
  const { name, region, knownOn } = awsPrices;
  return {
    schema: "shopctl.env.create.outline/1",
    environment: settings.name,
    url: `https://${settings.domain}`,
    region: settings.region,
    topology: splitRelease(wanted).topology,
    resources: [...counts]
      .map(([type, found]) => ({ type, count: found.length }))
      .toSorted((a, b) => b.count - a.count || a.type.localeCompare(b.type)),
    total: own.length,
    cost: priceOn("aws")(wanted),
    prices: { name, region, knownOn },
  };
}

function askProgram(settings: AwsSettings, topology: Topology): Promise<z.infer<typeof listed>> {
  return new Promise((resolve, reject) => {
    const options = { timeout: timeoutMs, maxBuffer: 16 * 1_048_576 };
    const child = execFile(installation.node, [installation.awsOutline], options, (error, stdout) =>
      error === null ? resolve(listed.parse(JSON.parse(stdout))) : reject(error),
    );
    child.stdin?.end(JSON.stringify({ settings, topology }));
  });
}
