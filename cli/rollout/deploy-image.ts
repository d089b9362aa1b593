import { imageSchema, releaseOfImage } from "../../infra/aws/settings.ts";
import type { AwsEnvironment } from "../../infra/environment/environment.ts";
import { saveSettings } from "../../infra/environment/store.ts";
import { RolloutRecords } from "../adapters/rollout-records.ts";
import { sessionOf, type Session } from "../adapters/session.ts";
import { FailureError } from "../errors/failure.ts";
import { planDeployAtOnce, planDeployRollback } from "../planning/plan-deploy.ts";
import type { DeployOptions, DeployReport } from "./deploy.ts";
import { releaseBefore } from "./release-before.ts";
import { runConfirmed } from "./run-confirmed.ts";
import { plannedFrom } from "./running-topology.ts";

/**
 * Rolls an image out on AWS: its migrations, then every task, new beside old. There is no canary: ECS takes a revision
 * back that does not get healthy, and the gate one that answers wrongly. Throws FailureError `configuration` for an image
 * without its digest.
 */
export async function deployImage(
  session: Session,
  environment: AwsEnvironment,
  { image, ...options }: DeployOptions & { readonly image: string },
): Promise<DeployReport> {
  const { name, settings } = environment;
  if (!imageSchema.safeParse(image).success) throw withoutDigest(image, name);
  const running = await plannedFrom(session);
  const from = running.release?.stable ?? "";
  const to = releaseOfImage(image);
  const known = { ...environment, settings: { ...settings, releases: { ...settings.releases, [to]: image } } };
  const plan = planDeployAtOnce(running, to, session.priceOf);
  const { steps, takenOver } = await runConfirmed(sessionOf(known), running, plan, {
    direction: "apply",
    ...options,
    what: `Deploy ${to} to "${name}"`,
    shown: `  release    ${from} → ${to}\n  image      ${image}`,
    // Before anything is decided by what it does: a way back goes by the images that are written down.
    admit: () => saveSettings(environment, known.settings),
  });
  return { schema: "shopctl.deploy/1", environment: name, from, to, migrations: [], steps, takenOver };
}

/** Back to the image before, as the records tell. */
export async function rollBackImage(
  session: Session,
  { name, settings, paths }: AwsEnvironment,
  options: DeployOptions,
): Promise<DeployReport> {
  const running = await plannedFrom(session);
  const from = running.release?.stable ?? "";
  const to = await releaseBefore(await new RolloutRecords(paths.root).list(), running);
  if (to === undefined || !(to in settings.releases))
    throw new FailureError({
      code: "policy",
      what: `No image ran before ${from}`,
      why: "nothing was deployed yet",
      next: [`shopctl deploy --env ${name} --image NAME@sha256:…`],
    });
  const { steps, takenOver } = await runConfirmed(session, running, planDeployRollback(running, to, session.priceOf), {
    direction: "rollback",
    ...options,
    what: `Roll "${name}" back to ${to}`,
    shown: `  release    ${from} → ${to}; the schema stays as it is`,
  });
  return { schema: "shopctl.deploy.rollback/1", environment: name, from, to, migrations: [], steps, takenOver };
}

function withoutDigest(image: string, environment: string): FailureError {
  return new FailureError({
    code: "configuration",
    what: `${image} is no image with its digest`,
    why: "a tag can be moved: what was tried would not be what stays, and a rollback would run something else",
    next: [
      `docker buildx imagetools inspect ${image.split("@")[0]}   (shows the digest)`,
      `shopctl deploy --env ${environment} --image ${image.replace(/[:@][^/]*$/, "")}@sha256:…`,
    ],
  });
}
