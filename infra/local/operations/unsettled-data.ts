import { databaseIndexes } from "../../../service/contract/indexes.ts";
import type { LocalEnvironment } from "../../environment/environment.ts";
import type { UnsettledData } from "../../target.ts";
import type { Topology } from "../../topology/topology.ts";
import { componentPlaces } from "../layout.ts";
import type { AdminTarget } from "../postgres/admin-connection.ts";
import { observeAttempts } from "../postgres/observe-attempts.ts";
import { observeIndexes, type ObservedIndex } from "../postgres/observe-indexes.ts";
import { isLaidOut, observePartitions } from "../postgres/observe-partitions.ts";
import { runIndexes } from "../release/run-indexes.ts";
import { archiveTasks, layoutTasks, runTasks } from "../release/run-task.ts";
import { findShopRelease } from "../release/shop-release.ts";
import { OperationError } from "../../operation-error.ts";

/** What of the data is not as a topology has it; nothing when the database does not answer. */
export async function findUnsettledData(
  environment: LocalEnvironment,
  { partitioning, archiving, indexes }: Topology,
): Promise<readonly UnsettledData[]> {
  const database = databaseOf(environment);
  const found = await Promise.all([
    observePartitions(database),
    observeAttempts(database),
    observeIndexes(database),
  ]).catch(() => undefined);
  if (found === undefined) return [];
  const [layout, attempts, observedIndexes] = found;
  const isArchived = archiving === "daily" ? !attempts.overdue : attempts.archiveBytes === 0;
  return [
    ...(isLaidOut(layout, partitioning)
      ? []
      : [
          {
            what:
              layout.halfMade.length > 0
                ? `tables left half-moved: ${layout.halfMade.join(", ")}`
                : "login attempts or sessions are not laid out as the stack has them",
            remedy:
              partitioning === "none"
                ? "bring their rows into one table each"
                : "finish the partitions; no row is lost",
            tasks: layoutTasks[partitioning],
          },
        ]),
    ...(isArchived
      ? []
      : [
          {
            what: archiving === "daily" ? "old login attempts are not archived" : "login attempts lie in the archive",
            remedy: archiving === "daily" ? "archive them, as every night" : "bring them back into their table",
            tasks: archiveTasks[archiving],
          },
        ]),
    ...unsettledIndexes(observedIndexes, indexes),
  ];
}

/** A backup from before the step has none of them, and one from after it has all. */
export function unsettledIndexes(
  found: readonly ObservedIndex[],
  wanted: Topology["indexes"],
): readonly UnsettledData[] {
  if (wanted === "basic") {
    if (found.length === 0) return [];
    const what = `there are indexes that the stack does not have: ${found.map(({ name }) => name).join(", ")}`;
    return [{ what, remedy: "drop them, beside the traffic", tasks: [], indexes: "drop" }];
  }
  const missing = databaseIndexes.filter(({ name }) => !found.some((one) => one.name === name && one.valid));
  if (missing.length === 0) return [];
  const what = `indexes are missing: ${missing.map(({ name }) => name).join(", ")}`;
  return [{ what, remedy: "build them, beside the traffic", tasks: [], indexes: "build" }];
}

/** Settles what `findUnsettledData` found, beside the traffic. Throws OperationError `failed`. */
export async function settleData(
  environment: LocalEnvironment,
  found: readonly UnsettledData[],
  say: (line: string) => void,
): Promise<void> {
  if (found.length === 0) return;
  const tasks = found.flatMap((one) => one.tasks);
  const releaseFolder = findShopRelease(environment.paths.releases);
  if (releaseFolder === undefined) throw new OperationError("failed", "no release of the shop is installed");
  const by = { releaseFolder, database: databaseOf(environment) };
  if (tasks.length > 0) await runTasks(tasks, by, say);
  for (const { indexes } of found) if (indexes !== undefined) await runIndexes(indexes, by, say);
}

function databaseOf({ paths, ports }: LocalEnvironment): AdminTarget {
  return { sockets: componentPlaces(paths).postgres.sockets, port: ports.postgres };
}
