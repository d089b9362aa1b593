import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { canonicalJson } from "../../infra/engine/canonical-json.ts";
import { installation } from "../../infra/installation.ts";
import { contentHash } from "../../infra/local/release/content-hash.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import pjson from "../../package.json" with { type: "json" };
import type { Cost, CostLine } from "../planning/cost.ts";
import type { PlanBinding } from "../planning/plan-binding.ts";
import { readDeployment } from "./running-topology.ts";
import type { Session } from "./session.ts";

/** What a plan from a topology to another is bound to right now, its evidence aside. */
export async function readBinding(
  session: Session,
  { now, after }: { readonly now: Topology; readonly after: Topology },
): Promise<Omit<PlanBinding, "metrics">> {
  const { resources = [], pending_operations: pending = [] } = (await readDeployment(session))?.deployment ?? {};
  return {
    code: {
      shopctl: pjson.version,
      // What is built meanwhile is nothing to a plan: scaling goes on with the release that runs.
      release: now.release?.stable ?? contentHash(installation.serviceRelease),
      infrastructure: hash([contentHash(dirname(installation.program)), contentHash(installation.provider)]).slice(
        0,
        12,
      ),
    },
    state: { deployment: hash({ resources, pending }) },
    topology: now,
    prices: { now: linesOf(session.priceOf(now)), after: linesOf(session.priceOf(after)) },
  };
}

function linesOf({ lines }: Cost): Pick<CostLine, "item" | "usdPerMonth">[] {
  return lines.map(({ item, usdPerMonth }) => ({ item, usdPerMonth }));
}

function hash(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}
