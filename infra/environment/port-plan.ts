import type { PortPlan } from "./environment.ts";

/** Blocks of 100 ports below Linux' range for outgoing connections (32,768), which could take a port at any time. */
const firstBlock = 20_000;
const blockSize = 100;
const endOfBlocks = 32_700;

/** First ports of all blocks, lowest first. */
export function portBlocks(): readonly number[] {
  const count = Math.floor((endOfBlocks - firstBlock) / blockSize);
  return Array.from({ length: count }, (_, at) => firstBlock + at * blockSize);
}

/** The ports of an environment in the block that begins at `first`. */
export function portPlanOf(first: number): PortPlan {
  return {
    router: first,
    routerMetrics: first + 1,
    postgres: first + 2,
    pgbouncer: first + 3,
    redis: first + 4,
    mailSmtp: first + 5,
    mailApi: first + 6,
    instanceFirst: first + 10,
    instanceCount: blockSize - 10,
  };
}

/** Every port that the plan holds. */
export function portsOf(plan: PortPlan): readonly number[] {
  const { instanceFirst, instanceCount, ...single } = plan;
  return [...Object.values(single), ...Array.from({ length: instanceCount }, (_, at) => instanceFirst + at)];
}

/** Whether two plans share a port. */
export function overlaps(a: PortPlan, b: PortPlan): boolean {
  const ports = new Set(portsOf(a));
  return portsOf(b).some((port) => ports.has(port));
}
