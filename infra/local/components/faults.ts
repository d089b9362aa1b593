import * as pulumi from "@pulumi/pulumi";
import { derivedSecret } from "../../environment/derived-secret.ts";
import { FaultSink, type Release } from "./resources.ts";
import type { Needed, ShopContext } from "./shop-context.ts";

/** Where the shop's faults are reported: there before the instances that report. */
export class Faults extends pulumi.ComponentResource {
  readonly sink: FaultSink;

  constructor(
    name: string,
    { environment: { ports, paths }, credentials }: ShopContext,
    needs: { readonly first: readonly Needed[]; readonly program: Release },
    options: pulumi.ComponentResourceOptions,
  ) {
    super("shopctl:components:Faults", name, {}, options);
    this.sink = new FaultSink(
      "fault-sink",
      {
        paths,
        port: ports.faultSink,
        releaseFolder: needs.program.folder,
        key: pulumi.secret(credentials.apply((secrets) => derivedSecret(secrets, "fault-sink"))),
      },
      { parent: this, dependsOn: [...needs.first, needs.program] },
    );
    this.registerOutputs();
  }
}
