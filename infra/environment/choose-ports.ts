import { isPortFree } from "../local/host/free-port.ts";
import { EnvironmentError } from "./environment-error.ts";
import type { LocalEnvironment, PortPlan } from "./environment.ts";
import { overlaps, portBlocks, portPlanOf, portsOf } from "./port-plan.ts";

/**
 * The first block that no environment of this home holds and in which every port can be bound right now, which also
 * spares the running environments of other homes. Throws EnvironmentError `no-ports`.
 */
export async function choosePorts(home: string, taken: readonly PortPlan[]): Promise<PortPlan> {
  for (const first of portBlocks(home)) {
    const plan = portPlanOf(first);
    if (!taken.some((other) => overlaps(plan, other)) && (await firstPortInUse(plan)) === undefined) return plan;
  }
  throw new EnvironmentError(
    "no-ports",
    "every block of 100 ports from 20000 to 32699 has a port in use; destroy an environment that is not needed any more (`shopctl env list`)",
  );
}

/** Throws EnvironmentError `port-in-use` when something listens on a port of an environment that does not run yet. */
export async function assertPortsFree(environment: LocalEnvironment): Promise<void> {
  const port = await firstPortInUse(environment.ports);
  if (port === undefined) return;
  throw new EnvironmentError(
    "port-in-use",
    `another process listens on 127.0.0.1:${port}, which belongs to environment ${environment.name}; end it (\`ss -ltnp sport = :${port}\` names it) and run the command again`,
  );
}

async function firstPortInUse(plan: PortPlan): Promise<number | undefined> {
  const ports = portsOf(plan);
  const free = await Promise.all(ports.map(isPortFree));
  return ports[free.indexOf(false)];
}
