import { createHash } from "node:crypto";

/** Ports of one environment, all on 127.0.0.1; fixed when it is created so that no resource has to ask another. */
export interface PortPlan {
  readonly router: number;
  readonly routerMetrics: number;
  readonly postgres: number;
  readonly pgbouncer: number;
  readonly redis: number;
  readonly mailSmtp: number;
  readonly mailApi: number;
  readonly queueRedis: number;
  /** Internal port of the mail worker; it has no other. */
  readonly mailWorker: number;
  readonly prometheus: number;
  readonly alertmanager: number;
  readonly postgresExporter: number;
  readonly pgbouncerExporter: number;
  readonly redisExporter: number;
  /** The CDN's cache, and the router's port that it asks for what it lacks. */
  readonly cdn: number;
  readonly cdnOrigin: number;
  /** Takes purges of the CDN and tells its figures; takes its lines of log (UDP). */
  readonly cdnControl: number;
  readonly cdnLog: number;
  /** Takes the faults that the shop reports. */
  readonly faultSink: number;
  /** Of the second and third database server, and of their exporters. */
  readonly replicaFirst: number;
  readonly replicaExporterFirst: number;
  /** First of `instanceCount` ports; an instance takes two of them when it is made, a public and an internal one. */
  readonly instanceFirst: number;
  readonly instanceCount: number;
}

/** Blocks of 100 ports below Linux' range for outgoing connections (32,768), which could take a port at any time. */
const firstBlock = 20_000;
const blockSize = 100;
const endOfBlocks = 32_700;
/** Eight instances of two generations take 32. */
const instanceCount = 50;

/**
 * First ports of all blocks, in the order in which a state home tries them. Each home begins elsewhere: homes know nothing
 * of each other, and two that create at once must not reach for the same block.
 */
export function portBlocks(home: string): readonly number[] {
  const count = Math.floor((endOfBlocks - firstBlock) / blockSize);
  const start = createHash("sha256").update(home).digest().readUInt32BE() % count;
  return Array.from({ length: count }, (_, at) => firstBlock + ((start + at) % count) * blockSize);
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
    queueRedis: first + 7,
    mailWorker: first + 8,
    instanceFirst: first + 10,
    instanceCount,
    // Above the instances' ports, where environments made before these components have none at work.
    prometheus: first + 60,
    alertmanager: first + 61,
    postgresExporter: first + 62,
    pgbouncerExporter: first + 63,
    redisExporter: first + 64,
    cdn: first + 9,
    cdnOrigin: first + 65,
    faultSink: first + 66,
    cdnControl: first + 67,
    cdnLog: first + 68,
    replicaFirst: first + 71,
    replicaExporterFirst: first + 73,
  };
}

/** Further database servers that the plan has ports for. */
export const maxReplicas = 2;

/** Every port that the plan holds. */
export function portsOf(plan: PortPlan): readonly number[] {
  const { instanceFirst, instanceCount, replicaFirst, replicaExporterFirst, ...single } = plan;
  const range = (first: number, count: number): number[] => Array.from({ length: count }, (_, at) => first + at);
  return [
    ...Object.values(single),
    ...range(instanceFirst, instanceCount),
    ...range(replicaFirst, maxReplicas),
    ...range(replicaExporterFirst, maxReplicas),
  ];
}

/** Whether two plans share a port. */
export function overlaps(a: PortPlan, b: PortPlan): boolean {
  const ports = new Set(portsOf(a));
  return portsOf(b).some((port) => ports.has(port));
}
