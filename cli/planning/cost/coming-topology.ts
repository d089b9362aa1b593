import type { Topology } from "../../../infra/topology/topology.ts";

/** A topology with the fields of steps that may not be built yet; each is priced as soon as a topology has it. */
export type ComingTopology = Topology & {
  readonly replicas?: number;
  readonly mailDelivery?: string;
};
