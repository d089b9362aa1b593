import { GetScheduleCommand } from "@aws-sdk/client-scheduler";
import type { ProcessObservation } from "../../observation.ts";
import type { AwsView } from "./clients.ts";

/** What EventBridge Scheduler starts every night, under the names that the steps know them by. */
export async function observeSchedules({ scheduler, handles }: AwsView): Promise<readonly ProcessObservation[]> {
  const { archiving, months } = handles.schedules;
  const known = { "archiving-schedule": archiving, "partition-schedule": months };
  const found = await Promise.all(
    Object.entries(known).map(async ([name, schedule]) => {
      if (schedule === undefined) return [];
      const { State } = await scheduler.send(new GetScheduleCommand({ Name: schedule }));
      return [{ name, component: "task-schedule", state: State === "ENABLED" ? "up" : "down" } as const];
    }),
  );
  return found.flat();
}
