import type * as pulumi from "@pulumi/pulumi";
import type { LocalEnvironment } from "../../environment/environment.ts";
import { TaskSchedule, type Release } from "./resources.ts";

/** Tasks of the release that run every day at an hour, local time. */
export function everyDay(
  name: string,
  {
    environment,
    release,
    hour,
    tasks,
  }: {
    readonly environment: LocalEnvironment;
    readonly release: Release;
    readonly hour: number;
    readonly tasks: readonly string[];
  },
  options: pulumi.CustomResourceOptions,
): TaskSchedule {
  const { paths, ports } = environment;
  return new TaskSchedule(
    name,
    { paths, databasePort: ports.postgres, releaseFolder: release.folder, name, hour, minute: 0, tasks: [...tasks] },
    options,
  );
}
