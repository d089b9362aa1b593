import * as pulumi from "@pulumi/pulumi";

/** The resource type of the provider `shopctl` that waits after a change of entrance; its behaviour is in `tasks/settling.ts`. */
export class Settling extends pulumi.CustomResource {
  constructor(
    name: string,
    args: { readonly entrance: string; readonly seconds: number },
    options: pulumi.CustomResourceOptions,
  ) {
    super("shopctl:aws:Settling", name, args, options);
  }
}
