import { releaseOfImage, type AwsSettings } from "../../infra/aws/settings.ts";
import { createAwsEnvironment, createEnvironment } from "../../infra/environment/store.ts";
import { installation } from "../../infra/installation.ts";
import { contentHash } from "../../infra/local/release/content-hash.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import { requireComponents } from "../adapters/components.ts";
import { FailureError } from "../errors/failure.ts";
import type { NewShop } from "./create-environment.ts";

/** A shop on this machine, of this installation's build. Throws FailureError `component-missing`. */
export function localShop(name: string, topology: Topology): NewShop {
  requireComponents();
  return {
    name,
    topology,
    release: contentHash(installation.serviceRelease),
    make: (home) => createEnvironment({ name, home }),
  };
}

/** A shop on AWS, of the image that its settings name. Throws FailureError `configuration` for a provider of no known kind. */
export function awsShop(settings: AwsSettings, topology: Topology, secretsProvider: string): NewShop {
  const { name, releases } = settings;
  const [image = ""] = Object.values(releases);
  if (!/^(passphrase|[a-z]+:\/\/\S+)$/.test(secretsProvider))
    throw new FailureError({
      code: "configuration",
      what: `--secrets-provider ${secretsProvider} is none`,
      why: "it is passphrase, or a key of a cloud as Pulumi names it",
      next: ["--secrets-provider awskms://alias/shopctl?region=eu-central-1"],
    });
  return {
    name,
    topology,
    release: releaseOfImage(image),
    make: (home) => createAwsEnvironment({ name, home, settings, secretsProvider }),
  };
}
