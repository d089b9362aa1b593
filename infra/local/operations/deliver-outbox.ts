import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Delivery } from "../../../service/contract/delivery.ts";
import type { LocalEnvironment } from "../../environment/environment.ts";
import { readCredentials } from "../../environment/stack.ts";
import type { Topology } from "../../topology/topology.ts";
import { mailVariables } from "../components/service-variables.ts";
import { deliverySecrets } from "../components/worker-variables.ts";
import { processNames } from "../layout.ts";
import { deliverRest } from "../release/deliver-rest.ts";
import { findShopRelease } from "../release/shop-release.ts";

/** Sends what waits in the outbox where no mail worker does; undefined where one does. */
export async function deliverOutbox(environment: LocalEnvironment, topology: Topology): Promise<Delivery | undefined> {
  const { paths, ports } = environment;
  if (existsSync(join(paths.services, processNames.mailWorker))) return undefined;
  const credentials = await readCredentials(environment);
  return deliverRest(findShopRelease(paths.releases) ?? "", {
    ...mailVariables(topology, ports),
    ...deliverySecrets(topology, ports, credentials),
  });
}
