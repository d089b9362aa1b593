import * as pulumi from "@pulumi/pulumi";
import type { TaskPlace } from "../tasks/task-place.ts";

/** The resource type of the provider `shopctl` that runs programs of the image; its behaviour is in `tasks/task-run.ts`. */
export class TaskRun extends pulumi.CustomResource {
  constructor(
    name: string,
    args: {
      readonly place: pulumi.Input<{ readonly [Key in keyof TaskPlace]: pulumi.Input<TaskPlace[Key]> }>;
      readonly wanted: "on" | "off";
      readonly on: readonly (readonly string[])[];
      readonly off: readonly (readonly string[])[];
      readonly trigger: string;
    },
    options: pulumi.CustomResourceOptions,
  ) {
    super("shopctl:aws:TaskRun", name, args, options);
  }
}
