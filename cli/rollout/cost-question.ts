import { listEnvironments, stateHome } from "../../infra/environment/store.ts";
import { baseline } from "../../infra/topology/topology.ts";
import { figures } from "../../service/contract/figures.ts";
import { scrape } from "../adapters/metrics/scrape.ts";
import type { Session } from "../adapters/session.ts";
import { readTopologyFile } from "../adapters/topology-file.ts";
import { FailureError } from "../errors/failure.ts";
import { measuredUsage } from "../planning/cost/measured-usage.ts";
import { roadTopology } from "../planning/cost/road-topology.ts";
import { plannedUsage, scaleUsage, type Usage } from "../planning/cost/usage.ts";
import type { TargetName } from "../planning/cost.ts";
import { planTarget } from "../planning/plan-target.ts";
import type { CostQuestion } from "./cost-report.ts";
import { readPlanFile } from "./load-plan.ts";
import { runningTopology } from "./running-topology.ts";

const scrapeTimeoutMs = 3_000;

interface Asked {
  readonly env?: string | undefined;
  readonly topology?: string | undefined;
  readonly diff?: string | undefined;
  readonly users?: number | undefined;
  readonly target?: TargetName | undefined;
}

interface Subject extends Omit<CostQuestion, "budgetUsdPerMonth"> {
  /** Where the environment is, or the plan's; null without one, or where its plan does not show it. */
  readonly runsOn: TargetName | null;
}

/**
 * What a bill is asked for, by the most specific thing that was named: a file, an environment, or only users. Its prices are
 * those that were asked for, else those of where it runs, else the growth plan's.
 */
export async function costQuestion(
  asked: Asked,
  open: (name: string | undefined) => Promise<Session>,
): Promise<Subject> {
  const { users } = asked;
  const plannedFor = plannedUsage(users ?? figures.growth.designedForUsers);
  const nowhere = { environment: null, target: asked.target ?? "local", runsOn: null, after: undefined } as const;
  if (asked.topology !== undefined) {
    const topology = await readTopologyFile(asked.topology);
    return { ...nowhere, subject: asked.topology, topology, usage: plannedFor };
  }
  if (asked.diff !== undefined) return await ofPlan(asked.diff, asked, plannedFor, open);
  if (await meansEnvironment(asked)) return await ofEnvironment(await open(asked.env), asked);
  const topology = users === undefined ? baseline : roadTopology(users);
  const subject = users === undefined ? "the baseline" : "the growth plan's road";
  return { ...nowhere, subject, topology, usage: plannedFor };
}

/**
 * A plan's file is enough in CI, where its environment is not at hand, or another has its name: then usage is the growth
 * plan's. Throws FailureError `configuration` where the file does not show whose prices are its own, and nobody says whose to
 * take, and for the plan of another environment than the one that was asked for.
 */
async function ofPlan(
  file: string,
  asked: Asked,
  planned: Usage,
  open: (name: string | undefined) => Promise<Session>,
): Promise<Subject> {
  const { environment, steps, boundTo } = await readPlanFile(file);
  if (asked.env !== undefined && asked.env !== environment) throw ofAnother(file, environment);
  const runsOn = planTarget(boundTo) ?? null;
  const target = asked.target ?? runsOn;
  if (target === null) throw withoutTarget(file);
  const topology = steps[0]?.before ?? boundTo.topology;
  const after = steps.at(-1)?.after ?? topology;
  const session = (await environmentNames()).includes(environment) ? await open(environment) : undefined;
  const isIts = session !== undefined && (runsOn === null || session.environment.target === runsOn);
  const usage = isIts ? await usageOf(session, asked.users) : planned;
  return { environment, subject: file, target, runsOn, topology, after, usage };
}

function ofAnother(file: string, environment: string): FailureError {
  return new FailureError({
    code: "configuration",
    what: `${file} is no plan of the environment that was asked for`,
    why: `it is of environment "${environment}"`,
    next: [`shopctl cost --diff ${file} --env ${environment}`],
  });
}

function withoutTarget(file: string): FailureError {
  return new FailureError({
    code: "configuration",
    what: `${file} does not show whose prices its bill is by`,
    why: "its lines are of another version of shopctl",
    next: [`shopctl cost --diff ${file} --target aws   (or local)`, "shopctl scale plan --out FILE"],
  });
}

async function ofEnvironment(session: Session, { users, target }: Asked): Promise<Subject> {
  const topology = await runningTopology(session);
  const { name, target: runsOn } = session.environment;
  const usage = await usageOf(session, users);
  return { environment: name, subject: name, target: target ?? runsOn, runsOn, topology, after: undefined, usage };
}

/** A month's usage by the shop's own counters, at its users or at so many. */
export async function usageOf(session: Session, users: number | undefined): Promise<Usage> {
  const target = await session.target();
  const snapshot = await scrape(await target.scrapeEndpoints(), { timeoutMs: scrapeTimeoutMs });
  const measured = measuredUsage(snapshot);
  if (measured === undefined) return plannedUsage(users ?? figures.growth.designedForUsers);
  return users === undefined ? measured : scaleUsage(measured, users);
}

/** An environment is meant when one is named, or when nothing else is and there is just one. */
async function meansEnvironment({ env, users }: Asked): Promise<boolean> {
  if (env !== undefined) return true;
  return users === undefined && (await environmentNames()).length > 0;
}

async function environmentNames(): Promise<readonly string[]> {
  return (await listEnvironments(stateHome(process.env))).map(({ name }) => name);
}
