import { topologySchema, type Topology } from "../../infra/topology/topology.ts";

/** One field that differs between two topologies. */
export interface TopologyChange {
  readonly field: keyof Topology;
  readonly from: string | number;
  readonly to: string | number;
}

const fields = topologySchema.keyof().options;

/** Fields that differ, in the order of the schema; empty for equal topologies. */
export function diffTopologies(from: Topology, to: Topology): readonly TopologyChange[] {
  return fields
    .filter((field) => from[field] !== to[field])
    .map((field) => ({ field, from: from[field], to: to[field] }));
}
