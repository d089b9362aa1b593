import { join } from "node:path";
import { deliverySchema, type Delivery } from "../../../service/contract/delivery.ts";
import { osUser } from "../host/os-users.ts";
import { runCommand } from "../host/run-command.ts";

/** The program ends by itself after a lease and a minute. */
const timeoutMs = 300_000;

/** Runs a release's `deliver.js`, which empties the outbox where no worker does; with a mail worker's variables. */
export async function deliverRest(
  releaseFolder: string,
  variables: Readonly<Record<string, string>>,
): Promise<Delivery> {
  const output = await runCommand(join(releaseFolder, "node"), [join(releaseFolder, "deliver.js")], {
    user: osUser("shopctl"),
    environment: variables,
    timeoutMs,
    endsWithUs: true,
  });
  return deliverySchema.parse(JSON.parse(output));
}
