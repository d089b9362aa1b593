import * as pulumi from "@pulumi/pulumi";
import { derivedSecret } from "../../environment/derived-secret.ts";
import { Cdn as CdnCache, CdnControl, CdnPurge, type Release } from "./resources.ts";
import type { Needed, ShopContext } from "./shop-context.ts";

/** nginx as the cache of a CDN, and what purges it. */
export class Cdn extends pulumi.ComponentResource {
  readonly cache: CdnCache;
  readonly control: CdnControl;

  constructor(
    name: string,
    { environment, credentials }: ShopContext,
    needs: { readonly first: readonly Needed[]; readonly program: Release },
    options: pulumi.ComponentResourceOptions,
  ) {
    super("shopctl:components:Cdn", name, {}, options);
    const { ports, paths } = environment;
    this.cache = new CdnCache(
      "cdn-cache",
      { paths, port: ports.cdn, originPort: ports.cdnOrigin, logPort: ports.cdnLog },
      { parent: this, dependsOn: [...needs.first] },
    );
    this.control = new CdnControl(
      "cdn-control",
      {
        paths,
        port: ports.cdnControl,
        logPort: ports.cdnLog,
        releaseFolder: needs.program.folder,
        purgeKey: pulumi.secret(credentials.apply((secrets) => derivedSecret(secrets, "cdn-purge"))),
      },
      { parent: this, dependsOn: [...needs.first, needs.program] },
    );
    this.registerOutputs();
  }

  /** Once all requests reach a release, nothing of another is given any more. */
  purgeAfter(router: Needed, { environment, credentials }: ShopContext, release: string): CdnPurge {
    return new CdnPurge(
      "cdn-purge",
      {
        paths: environment.paths,
        port: environment.ports.cdnControl,
        release,
        purgeKey: pulumi.secret(credentials.apply((secrets) => derivedSecret(secrets, "cdn-purge"))),
      },
      { parent: this, dependsOn: [router, this.control] },
    );
  }
}
