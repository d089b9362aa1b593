import { setTimeout as delay } from "node:timers/promises";
import type { EngineEvent, OperationResult } from "../../infra/engine/engine.ts";
import { identify } from "../../infra/engine/embedded/processes.ts";
import { shopUrl } from "../../infra/environment/environment.ts";
import { configureTopology } from "../../infra/environment/stack.ts";
import type { RolloutEvent } from "../rollout/rollout-event.ts";
import type { RolloutWorld } from "../rollout/world.ts";
import { scrape } from "./metrics/scrape.ts";
import { observeEnvironment, scrapeTimeoutMs } from "./observe-environment.ts";
import { holdsBefore } from "./pause-mark.ts";
import { startProbes } from "./probes.ts";
import type { RolloutRecords } from "./rollout-records.ts";
import { withScratchStack } from "./scratch-stack.ts";
import type { Session } from "./session.ts";
import type { StopSignal } from "./stop-signal.ts";

export interface WorldOptions {
  readonly command: string;
  readonly records: RolloutRecords;
  readonly stop: StopSignal;
  readonly report: (event: RolloutEvent) => void;
  readonly questions: Pick<RolloutWorld, "decide" | "confirmNoReturn">;
}

/** The real world of a rollout: the session's engine and target, this machine's clock, and probes to its router. */
export async function rolloutWorld(
  session: Session,
  { command, records, stop, report, questions }: WorldOptions,
): Promise<RolloutWorld> {
  const { environment, stack } = session;
  const [engine, target, self] = await Promise.all([session.engine(), session.target(), identify(process.pid)]);
  const onEvent = (event: EngineEvent): void => report({ kind: "engine", event });
  return {
    process: { pid: process.pid, startTime: self?.startTime ?? "" },
    command,
    preview: (topology) =>
      withScratchStack(stack, topology, (scratch) => engine.preview(scratch, { signal: stop.signal })),
    update: async (topology, message, { stoppable }) => {
      await configureTopology(environment, topology);
      const operations: OperationResult["steps"][number][] = [];
      const noteOperation = (event: EngineEvent): void => {
        if (event.kind === "resource-started") operations.push({ ...event, changedKeys: [] });
        onEvent(event);
      };
      const options = { message, onEvent: noteOperation, ...(stoppable ? { signal: stop.signal } : {}) };
      // The engine's own list counts resources; a deletion that an earlier run had left is an operation and no change.
      return { ...(await engine.up(stack, options)), steps: operations };
    },
    observe: () => observeEnvironment(session),
    scrape: async () => await scrape(await target.scrapeEndpoints(), { timeoutMs: scrapeTimeoutMs }),
    pace: target.pace,
    startProbes: () => startProbes(shopUrl(environment), target.pace.probesPerSecond),
    save: (record) => records.save(record),
    report,
    recordStamp: () => records.nextStamp(),
    timestamp: () => new Date().toISOString(),
    monotonicMs: () => performance.now(),
    wait: (ms, { stoppable }) => delay(ms, undefined, stoppable ? { signal: stop.signal } : {}).catch(() => undefined),
    isPaused: (next) => holdsBefore(environment.paths.root, next.id),
    ...questions,
    stoppedBy: () => stop.name,
  };
}
