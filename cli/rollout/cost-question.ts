import { listEnvironments, stateHome } from "../../infra/environment/store.ts";
import { baseline, type Topology } from "../../infra/topology/topology.ts";
import { figures } from "../../service/contract/figures.ts";
import { scrape } from "../adapters/metrics/scrape.ts";
import type { Session } from "../adapters/session.ts";
import { readTopologyFile } from "../adapters/topology-file.ts";
import { measuredUsage } from "../planning/cost/measured-usage.ts";
import { roadTopology } from "../planning/cost/road-topology.ts";
import { plannedUsage, scaleUsage, type Usage } from "../planning/cost/usage.ts";
import type { CostQuestion } from "./cost-report.ts";
import { readPlanFile } from "./load-plan.ts";
import { runningTopology } from "./running-topology.ts";

const scrapeTimeoutMs = 3_000;

interface Asked {
  readonly env?: string | undefined;
  readonly topology?: string | undefined;
  readonly diff?: string | undefined;
  readonly users?: number | undefined;
}

type Subject = Pick<CostQuestion, "environment" | "subject" | "topology" | "after" | "usage">;

/** What a bill is asked for, by the most specific thing that was named: a file, an environment, or only users. */
export async function costQuestion(
  asked: Asked,
  open: (name: string | undefined) => Promise<Session>,
): Promise<Subject> {
  const { users } = asked;
  const plannedFor = plannedUsage(users ?? figures.growth.designedForUsers);
  if (asked.topology !== undefined) {
    return {
      environment: null,
      subject: asked.topology,
      topology: await readTopologyFile(asked.topology),
      after: undefined,
      usage: plannedFor,
    };
  }
  if (asked.diff !== undefined) return await ofPlan(asked.diff, asked, plannedFor, open);
  if (await meansEnvironment(asked)) return await ofEnvironment(await open(asked.env), users);
  const topology = users === undefined ? baseline : roadTopology(users);
  const subject = users === undefined ? "the baseline" : "the growth plan's road";
  return { environment: null, subject, topology, after: undefined, usage: plannedFor };
}

/** A plan's file is enough in CI, where its environment is not at hand: then usage is the growth plan's. */
async function ofPlan(
  file: string,
  asked: Asked,
  planned: Usage,
  open: (name: string | undefined) => Promise<Session>,
): Promise<Subject> {
  const { environment, steps } = await readPlanFile(file);
  const topology = steps[0]?.before ?? baseline;
  const after = steps.at(-1)?.after ?? topology;
  const here = (await environmentNames()).includes(environment);
  const usage = here ? await usageOf(await open(environment), asked.users) : planned;
  return { environment, subject: file, topology, after, usage };
}

async function ofEnvironment(session: Session, users: number | undefined): Promise<Subject> {
  const topology: Topology = await runningTopology(session);
  const { name } = session.environment;
  return { environment: name, subject: name, topology, after: undefined, usage: await usageOf(session, users) };
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
