import { shopEnv } from "../../../service/contract/env.ts";
import type { Credentials, PortPlan } from "../../environment/environment.ts";
import type { Topology } from "../../topology/topology.ts";
import { queuePassword } from "../redis/queue-password.ts";
import { databaseUrl, mailSecrets, mailVariables, type Variables } from "./service-variables.ts";

/** The provider has five seconds to answer and the database a few more to hear of it; a killed worker's mails wait for no longer. */
const leaseMs = 20_000;

/** The configuration of the mail worker of a topology, without secrets. */
export function workerVariables(topology: Topology, ports: PortPlan, release: string): Variables {
  return {
    [shopEnv.release]: release,
    [shopEnv.host]: "127.0.0.1",
    [shopEnv.mailLeaseMs]: String(leaseMs),
    ...mailVariables(topology, ports),
  };
}

/** The secret part. */
export function workerSecretVariables(topology: Topology, ports: PortPlan, credentials: Credentials): Variables {
  return {
    ...deliverySecrets(topology, ports, credentials),
    [shopEnv.queueRedisUrl]: `redis://:${queuePassword(credentials.redis)}@127.0.0.1:${ports.queueRedis}/0`,
  };
}

/** What whoever delivers mail without a queue needs of it. */
export function deliverySecrets(topology: Topology, ports: PortPlan, credentials: Credentials): Variables {
  return {
    [shopEnv.databaseUrl]: databaseUrl(topology, ports, credentials),
    ...mailSecrets(topology, ports, credentials),
  };
}
