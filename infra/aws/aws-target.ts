import { shopUrl, type AwsEnvironment } from "../environment/environment.ts";
import { removeEnvironment } from "../environment/store.ts";
import type { LogLine, LogRequest, Pace, Target } from "../target.ts";
import { awsHandlesSchema, type AwsHandles } from "./handles.ts";
import { viewOf } from "./observation/clients.ts";
import { observeEverything } from "./observation/observe-everything.ts";
import { FactsReader } from "./observation/observe-facts.ts";
import { observeTasks } from "./observation/observe-tasks.ts";
import { readLogs } from "./read-logs.ts";
import { deliverOutbox, runMails } from "./run-mails.ts";
import { mailProviderOf } from "./shop-variables.ts";
import { runTask } from "./tasks/run-task.ts";

/** CloudWatch has a minute's value up to two minutes later; 1.5 probes a second stay under the base limit of an address. */
const pace: Pace = { patienceMs: 240_000, observeIntervalMs: 10_000, probesPerSecond: 1.5 };

/** AWS as a target: what its services say of the resources that the stack's outputs name. */
export function awsTarget(
  environment: AwsEnvironment,
  outputs: () => Promise<Readonly<Record<string, unknown>>>,
): Target {
  const { region } = environment.settings;
  const handles = async (): Promise<AwsHandles> => awsHandlesSchema.parse((await outputs())["handles"]);
  const facts = new FactsReader();
  return {
    pace,
    observe: async () => {
      const known = await handles();
      const told = async (): ReturnType<FactsReader["read"]> => await facts.read(known, await outputs());
      return await observeEverything(viewOf(region, known), shopUrl(environment), told);
    },
    // The tasks' ports are open to the load balancer alone.
    scrapeEndpoints: async () => [],
    prometheus: async () => {
      const { prometheus: url } = await handles();
      return url === undefined ? undefined : { url };
    },
    readLogs: (request) => logs(region, handles, request),
    livingProcesses: async () => {
      const tasks = await observeTasks(viewOf(region, await handles()));
      return new Set(tasks.map(({ process }) => process.name));
    },
    assertCreatable: async () => undefined,
    // Whether AWS has something of this name is what the state is for; shopctl does not search an account.
    lifeSigns: async () => undefined,
    // The shop caches answers for a minute at most; nobody outside can make its tasks forget them.
    fill: async ({ users, products }) => {
      const { tasks } = await handles();
      await runTask(tasks, ["seed.js", "--users", String(users), "--products", String(products)]);
    },
    runMails: async (args) => await runMails(await handles(), args),
    deliverOutbox: async () => await deliverOutbox(await handles()),
    mailProvider: (topology) => mailProviderOf(topology, environment.settings),
    // Pulumi's provider adopts nothing and leaves nothing that the state does not know, but what it says at its end.
    findOrphans: async () => [],
    removeOrphans: async () => undefined,
    findDamage: async () => [],
    // The tasks that move data run beside a database on this machine only.
    findUnsettledData: async () => [],
    settleData: async () => undefined,
    repair: async () => ({ started: false, finishedRestore: undefined }),
    unprotect: async () => ({ "shopctl:retiring": new Date().toISOString() }),
    removeFiles: () => removeEnvironment(environment),
  };
}

async function* logs(region: string, handles: () => Promise<AwsHandles>, request: LogRequest): AsyncGenerator<LogLine> {
  const { logGroup } = await handles();
  yield* readLogs({ region, logGroup }, request);
}
