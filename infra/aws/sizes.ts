import type { Topology } from "../topology/topology.ts";

/** CPU units (1,024 a core) and MiB of a Fargate task; only pairs that Fargate has. */
export interface TaskSize {
  readonly cpu: number;
  readonly memoryMiB: number;
}

/**
 * The seed's tiers on Fargate. Its starter has half a core with 512 MiB, which Fargate does not sell (0.5 vCPU begins at
 * 1 GiB): the nearest smaller pair is taken, at half the seed's CPU.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
 */
export const taskSizes: Record<Topology["tier"], TaskSize> = {
  starter: { cpu: 256, memoryMiB: 512 },
  standard: { cpu: 1_024, memoryMiB: 2_048 },
  pro: { cpu: 2_048, memoryMiB: 4_096 },
};

/** PgBouncers, one a zone: one may be away. */
export const poolers = 2;

/** Tasks that do one thing: the pooler, the mail worker, a collector. */
export const smallTask: TaskSize = { cpu: 256, memoryMiB: 512 };

/**
 * RDS classes that hold what the local plans hold: 256 MiB and 1 GiB of memory become the smallest classes with at least
 * that. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.html
 */
export const databaseClasses: Record<Topology["database"], DatabaseClass> = {
  free: { instanceClass: "db.t4g.micro", cpu: 2, storageGiB: 20, mostStorageGiB: 200 },
  paid: { instanceClass: "db.t4g.small", cpu: 2, storageGiB: 20, mostStorageGiB: 200 },
};

export interface DatabaseClass {
  readonly instanceClass: string;
  /** Virtual CPUs of the class. */
  readonly cpu: number;
  /** At the beginning; RDS adds to it as it fills. */
  readonly storageGiB: number;
  readonly mostStorageGiB: number;
}

/** 0.5 GiB, of which ElastiCache keeps a quarter for itself: several times what the local cache may take. */
export const redisNodeType = "cache.t4g.micro";
