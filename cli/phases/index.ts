import { archiving } from "./archiving.ts";
import { cacheRedis } from "./cache-redis.ts";
import { cdn } from "./cdn.ts";
import { connectionPooler } from "./connection-pooler.ts";
import { databaseIndexes } from "./database-indexes.ts";
import { databasePaid } from "./database-paid.ts";
import { emailQueue } from "./email-queue.ts";
import { emailSendgrid } from "./email-sendgrid.ts";
import { loadBalancing } from "./load-balancing.ts";
import { monitoring } from "./monitoring.ts";
import { partitioning } from "./partitioning.ts";
import { queryOptimisation } from "./query-optimisation.ts";
import { rateLimitsRaised } from "./rate-limits-raised.ts";
import { readReplicas } from "./read-replicas.ts";
import type { Step } from "./step.ts";
import { tierPro } from "./tier-pro.ts";
import { tierStandard } from "./tier-standard.ts";

/** Every step in the order in which a phase takes them; ids, types and help texts derive from this list. */
export const steps = [
  connectionPooler,
  tierStandard,
  databasePaid,
  cacheRedis,
  emailSendgrid,
  rateLimitsRaised,
  tierPro,
  databaseIndexes,
  emailQueue,
  cdn,
  monitoring,
  readReplicas,
  partitioning,
  loadBalancing,
  archiving,
  queryOptimisation,
] as const satisfies readonly Step[];

export type StepId = (typeof steps)[number]["id"];

export const stepIds: readonly StepId[] = steps.map((step) => step.id);

/** Phases that have steps, lowest first. */
export const phases: readonly number[] = [...new Set(steps.map((step) => step.phase))];

export function isStepId(text: string): text is StepId {
  return stepIds.some((id) => id === text);
}

export function stepOf(id: StepId): Step<StepId> {
  const step = steps.find((candidate) => candidate.id === id);
  if (step === undefined) throw new TypeError(`no step ${id}`);
  return step;
}
