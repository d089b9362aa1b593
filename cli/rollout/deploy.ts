import type { Environment } from "../../infra/environment/environment.ts";
import { requireLocal } from "../../infra/environment/require-target.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import { RolloutRecords } from "../adapters/rollout-records.ts";
import type { Session } from "../adapters/session.ts";
import { FailureError } from "../errors/failure.ts";
import { deployProblems, withoutWhatItUses } from "../planning/migration-order.ts";
import { planDeploy, planDeployRollback } from "../planning/plan-deploy.ts";
import { releaseBefore } from "./release-before.ts";
import { runConfirmed } from "./run-confirmed.ts";
import type { RolloutReport } from "./run-steps.ts";
import { plannedFrom } from "./running-topology.ts";

/** What `deploy --json` and `deploy rollback --json` print. */
export interface DeployReport extends Pick<RolloutReport, "environment" | "steps" | "takenOver"> {
  readonly schema: "shopctl.deploy/1" | "shopctl.deploy.rollback/1";
  /** Release that ran before. */
  readonly from: string;
  readonly to: string;
  /** Migrations that came with it. */
  readonly migrations: readonly string[];
}

export interface DeployOptions {
  readonly windowSeconds: number;
  readonly yes: boolean;
  /** Command line without the program. */
  readonly command: string;
}

/**
 * Rolls a build out: its migrations and a canary, judged against what runs beside it, then the rest. Throws FailureError
 * `policy` for one that the running release could not run beside.
 */
export async function deployBuild(
  session: Session,
  {
    build: folder,
    sharePercent,
    ...options
  }: DeployOptions & { readonly build: string; readonly sharePercent: number },
): Promise<DeployReport> {
  const environment = requireLocal(session.environment);
  const { readBuild, bringBuild, migrationsOf } = await import("../../infra/local/operations/builds.ts");
  const running = await plannedFrom(session);
  const from = stableOf(running, environment);
  const build = await readBuild(folder);
  if (build === undefined) throw noBuild(folder);
  const known = (await migrationsOf(environment, from)) ?? [];
  const problems = deployProblems(known, build.migrations);
  if (problems.length > 0) throw refused(environment, `${build.hash} cannot run beside ${from}`, problems);
  const migrations = build.migrations
    .filter(({ name }) => !known.some((one) => one.name === name))
    .map(({ name }) => name);
  const plan = planDeploy(running, { release: build.hash, sharePercent }, session.priceOf);
  const { steps, takenOver } = await runConfirmed(session, running, plan, {
    direction: "apply",
    ...options,
    what: `Deploy ${build.hash} to "${environment.name}"`,
    shown: [
      `  release    ${from} → ${build.hash}`,
      `  migrations ${migrations.length === 0 ? "none" : migrations.join(", ")}`,
      `  canary     ${sharePercent}% of the requests for ${options.windowSeconds} s or until it fails, then the rest`,
    ].join("\n"),
    // Before anything is decided by what it does: what is tried is what stays, whatever is built meanwhile.
    admit: () => bringBuild(environment, folder, build.hash),
  });
  return {
    schema: "shopctl.deploy/1",
    environment: environment.name,
    from,
    to: build.hash,
    migrations,
    steps,
    takenOver,
  };
}

/** Back to the release before, as the records tell, on the schema as it is. */
export async function rollBackDeployment(session: Session, options: DeployOptions): Promise<DeployReport> {
  const environment = requireLocal(session.environment);
  const { migrationsOf, knownMigrations } = await import("../../infra/local/operations/builds.ts");
  const running = await plannedFrom(session);
  const from = stableOf(running, environment);
  const to = await releaseBefore(await new RolloutRecords(environment.paths.root).list(), running);
  if (to === undefined) throw refused(environment, `No release ran before ${from}`, ["nothing was deployed yet"]);
  const own = await migrationsOf(environment, to);
  if (own === undefined)
    throw refused(environment, `Release ${to} is no longer kept`, ["the last three that nothing runs are"]);
  const missing = withoutWhatItUses(await knownMigrations(environment), own);
  if (missing.length > 0) throw refused(environment, `Release ${to} cannot run on the schema of now`, missing);
  const { steps, takenOver } = await runConfirmed(session, running, planDeployRollback(running, to, session.priceOf), {
    direction: "rollback",
    ...options,
    what: `Roll "${environment.name}" back to ${to}`,
    shown: `  release    ${from} → ${to}; the schema stays as it is`,
  });
  return {
    schema: "shopctl.deploy.rollback/1",
    environment: environment.name,
    from,
    to,
    migrations: [],
    steps,
    takenOver,
  };
}

function stableOf({ release }: Topology, { name }: Environment): string {
  if (release !== undefined) return release.stable;
  throw new FailureError({
    code: "unsupported",
    what: `a deployment to "${name}"`,
    why: "its stack does not say which release runs",
  });
}

function noBuild(folder: string): FailureError {
  return new FailureError({
    code: "configuration",
    what: `${folder} is no build of the service`,
    why: "it has no main.js and migrate.js",
    next: ["npm run build"],
  });
}

function refused({ name }: Environment, what: string, why: readonly string[]): FailureError {
  return new FailureError({ code: "policy", what, why: why.join("; "), next: [`shopctl scale status --env ${name}`] });
}
