import { baseline, type Topology } from "../../../infra/topology/topology.ts";
import { figures } from "../../../service/contract/figures.ts";
import { steps } from "../../phases/index.ts";

const { beginPhase1, completePhase2, completePhase3 } = figures.growth.triggersUsers;
const fromUsers: Readonly<Record<1 | 2 | 3, number>> = { 1: beginPhase1, 2: completePhase2, 3: completePhase3 };

/** Users at which the growth plan has a phase done. */
export function dueFromUsers(phase: 1 | 2 | 3): number {
  return fromUsers[phase];
}

/** What the growth plan has running at so many users: every step of the phases that it asks for by then. */
export function roadTopology(users: number): Topology {
  return steps
    .filter((step) => users >= dueFromUsers(step.phase))
    .reduce((topology, step) => step.apply(topology), baseline);
}
