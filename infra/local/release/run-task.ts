import { join } from "node:path";
import { dailyTasks } from "../../../service/contract/daily-tasks.ts";
import type { Topology } from "../../topology/topology.ts";
import { osUser } from "../host/os-users.ts";
import { runCommand } from "../host/run-command.ts";
import { adminUrl, type AdminTarget } from "../postgres/admin-connection.ts";

/** Tasks that bring the tables that grow with every login into a layout, from the other one or from half-way. */
export const layoutTasks: Readonly<Record<Topology["partitioning"], readonly string[]>> = {
  partitioned: ["partition-attempts", "partition-sessions"],
  none: ["unpartition-sessions", "unpartition-attempts"],
};

/** Tasks that bring old rows out of their tables, or login attempts into theirs again. */
export const archiveTasks: Readonly<Record<Topology["archiving"], readonly string[]>> = {
  daily: dailyTasks,
  none: ["bring-attempts-back"],
};

/** Ten million rows in gentle batches take minutes; this is for a task that hangs. */
const timeoutMs = 7_200_000;

interface TaskPlace {
  readonly releaseFolder: string;
  readonly database: AdminTarget;
  /** Name of the database there; the shop's unless said. */
  readonly name?: string;
}

/**
 * Runs tasks of a release once, one after the other. They are killed when this process dies: the run that takes over must
 * not meet them. `say` is told how far they are, and the lines that they end with.
 */
export async function runTasks(
  names: readonly string[],
  { releaseFolder, database, name = "shop" }: TaskPlace,
  say: (line: string) => void,
): Promise<void> {
  await runCommand(join(releaseFolder, "node"), [join(releaseFolder, "task.js"), ...names, "--batch-size", "5000"], {
    user: osUser("postgres"),
    environment: { SHOP_TASK_URL: adminUrl(database, name) },
    timeoutMs,
    endsWithUs: true,
    onLine: (_stream, line) => say(line),
  });
}
