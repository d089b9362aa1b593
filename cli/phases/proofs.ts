import { counted } from "./counted.ts";
import type { Observation, ProcessObservation } from "../../infra/observation.ts";
import { figures, type TierName } from "../../service/contract/figures.ts";
import type { Proof } from "./step.ts";

type Component = ProcessObservation["component"];

/** Proof that a fact has exactly the value expected. */
export function equal<T extends string | number | boolean>(what: string, found: T | string, expected: T): Proof {
  return { what, ok: found === expected, found: String(found), expected: String(expected) };
}

/** Proof that at least one process of a component runs and none of them is down. */
export function processesUp(observation: Observation, component: Component): Proof {
  if (observation.managed?.includes(component) === true)
    return { what: `${component} runs`, ok: true, found: "the target does its work itself", expected: "up" };
  const processes = observation.processes.filter((process) => process.component === component);
  return {
    what: `${component} runs`,
    ok: processes.length > 0 && processes.every((process) => process.state === "up"),
    found:
      processes.length === 0 ? "no process" : processes.map((process) => `${process.name} ${process.state}`).join(", "),
    expected: "up",
  };
}

/** Proof that a component is gone from the host. */
export function noProcess(observation: Observation, component: Component): Proof {
  const left = observation.processes.filter((process) => process.component === component);
  return {
    what: `no ${component} runs`,
    ok: left.length === 0,
    found: left.length === 0 ? "none" : left.map((process) => process.name).join(", "),
    expected: "none",
  };
}

interface Limits {
  readonly cpu: number;
  readonly memoryMiB: number;
}

const limitsText = ({ cpu, memoryMiB }: Limits): string => `${cpu} CPU, ${memoryMiB} MiB`;

/**
 * Proofs that the kernel grants each instance this tier or a larger one, which a later step may have given it; where no
 * limit can be enforced, that is said and accepted.
 */
export function fromTier(observation: Observation, tier: TierName): readonly Proof[] {
  const { cpu, memoryMiB } = granted(observation, tier);
  return instanceLimits(
    observation,
    `${limitsText({ cpu, memoryMiB })} or more`,
    (limits) => limits.cpu >= cpu && limits.memoryMiB >= memoryMiB,
  );
}

/** Proofs that every instance has a smaller tier than this. */
export function belowTier(observation: Observation, tier: TierName): readonly Proof[] {
  const { cpu, memoryMiB } = granted(observation, tier);
  return instanceLimits(
    observation,
    `less than ${limitsText({ cpu, memoryMiB })}`,
    (limits) => limits.cpu < cpu && limits.memoryMiB < memoryMiB,
  );
}

function granted({ tiers = figures.tiers }: Observation, tier: TierName): Limits {
  return tiers[tier];
}

function instanceLimits(
  observation: Observation,
  expected: string,
  fits: (limits: Limits) => boolean,
): readonly Proof[] {
  const instances = observation.processes.filter((process) => process.component === "web");
  if (instances.length === 0) return [processesUp(observation, "web")];
  return instances.map(({ name, limits }) => ({
    what: `limits of ${name}`,
    ok: limits === undefined || fits(limits),
    found: limits === undefined ? "limits not enforced on this host" : limitsText(limits),
    expected,
  }));
}

/** Proofs that hold for every topology: each process is up and the router serves from at least `instances` servers. */
export function healthy(observation: Observation, instances: number): readonly Proof[] {
  const down = observation.processes.filter((process) => process.state !== "up");
  const serving = observation.router.servers.filter((server) => server.state === "up").length;
  return [
    {
      what: "every process is up",
      ok: down.length === 0,
      found: down.length === 0 ? "all up" : down.map((process) => `${process.name} ${process.state}`).join(", "),
      expected: "all up",
    },
    {
      what: "the router serves",
      ok: observation.router.up && serving >= instances,
      found: observation.router.up ? `${counted(serving, "server")} up` : "router down",
      expected: `${counted(instances, "server")} or more up`,
    },
    {
      what: "the database answers",
      ok: observation.database !== undefined,
      found: observation.database === undefined ? "no answer" : "answers",
      expected: "answers",
    },
  ];
}
