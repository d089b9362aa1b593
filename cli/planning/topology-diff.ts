import { releaseText } from "../../infra/topology/release-choice.ts";
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
    .map((field) => ({ field, from: plain(from, field), to: plain(to, field) }))
    .filter((change) => change.from !== change.to);
}

function plain(topology: Topology, field: keyof Topology): string | number {
  if (field !== "release") return topology[field];
  return topology.release === undefined ? "of the installation" : releaseText(topology.release);
}
