import { cpus } from "node:os";
import type { Observation, ProcessObservation } from "../../infra/observation.ts";
import type { ResourceUse } from "../planning/capacity/capacity-result.ts";

/** Processor time at one moment: of each supervised process, and of the driver. */
export interface CpuReading {
  readonly atMs: number;
  readonly processes: readonly ProcessObservation[];
  readonly driverCpuSeconds: number;
  /** Of all cores of the host. */
  readonly hostBusySeconds: number;
}

export function cpuReading({ processes }: Observation): CpuReading {
  const { user, system } = process.cpuUsage();
  return {
    atMs: performance.now(),
    processes,
    driverCpuSeconds: (user + system) / 1e6,
    hostBusySeconds: hostBusySeconds(),
  };
}

const names: Readonly<Partial<Record<ProcessObservation["component"], string>>> = {
  web: "service",
  postgres: "database",
};

function hostBusySeconds(): number {
  return cpus().reduce((sum, { times }) => sum + (times.user + times.nice + times.sys + times.irq) / 1_000, 0);
}

/** Cores that somebody else used between two readings. */
export function othersCpu(before: CpuReading, after: CpuReading, ownCpu: number): number {
  const seconds = (after.atMs - before.atMs) / 1_000;
  const busy = after.hostBusySeconds - before.hostBusySeconds;
  return seconds > 0 ? Math.max(0, busy / seconds - ownCpu) : 0;
}

/** What requests took of each component between two readings, and of the host by all of them and the driver. */
export function resourceUse(
  before: CpuReading,
  after: CpuReading,
  { throughputPerSecond, hostCpus }: { readonly throughputPerSecond: number; readonly hostCpus: number },
): readonly ResourceUse[] {
  const seconds = (after.atMs - before.atMs) / 1_000;
  if (!(throughputPerSecond > 0) || !(seconds > 0)) return [];
  const used = after.processes.flatMap((process) => {
    const earlier = before.processes.find(({ name, pid }) => name === process.name && pid === process.pid);
    if (process.usage === undefined || earlier?.usage === undefined) return [];
    const cpuSeconds = process.usage.cpuSecondsTotal - earlier.usage.cpuSecondsTotal;
    return [{ name: names[process.component] ?? process.component, cpuSeconds, limit: process.limits?.cpu }];
  });
  const driver = after.driverCpuSeconds - before.driverCpuSeconds;
  const all = used.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, driver);
  const components = [...new Set(used.map(({ name }) => name))].map((name) => {
    const parts = used.filter((part) => part.name === name);
    const cpuSeconds = parts.reduce((sum, part) => sum + part.cpuSeconds, 0);
    const limits = parts.map(({ limit }) => limit).filter((limit) => limit !== undefined);
    const limit = limits.length === parts.length ? limits.reduce((sum, one) => sum + one, 0) : null;
    return use(name, cpuSeconds, limit);
  });
  return [...components, use("host", all, hostCpus)];

  function use(name: string, cpuSeconds: number, limitCpu: number | null): ResourceUse {
    const cores = cpuSeconds / seconds;
    const utilisation = limitCpu === null ? null : cores / limitCpu;
    return { name, limitCpu, cpuSecondsPerRequest: cores / throughputPerSecond, utilisation };
  }
}
