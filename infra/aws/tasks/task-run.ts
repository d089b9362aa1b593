import { z } from "zod";
import type { ResourceHandler, Say } from "../../local/provider/resource-handler.ts";
import { taskPlaceSchema, type TaskPlace } from "./task-place.ts";

const commands = z.array(z.array(z.string()));
const inputs = z.strictObject({
  place: taskPlaceSchema,
  wanted: z.enum(["on", "off"]),
  /** Programs of the image with their arguments, one after the other: for the way there, and for the way back. */
  on: commands,
  off: commands,
  /** Another value has `on` run again: the image, for migrations. */
  trigger: z.string(),
});
type Inputs = z.infer<typeof inputs>;
export const taskRunOutputs = z.object({});

/**
 * Work on the data as a resource of the graph, so that what needs it waits for it, a failure fails the step, and the way
 * back is an update like any other. Each program is safe to run again, for a run that was cut off is done again; while its task
 * still works, that one is waited for.
 */
export const taskRun: ResourceHandler<Inputs, z.infer<typeof taskRunOutputs>> = {
  inputs,
  replacedBy: [],
  ignored: ["place", "on", "off"],
  async create(wanted, say) {
    // A new database is as it is without the step.
    if (wanted.wanted === "on") await run(wanted.place, wanted.on, say);
    return { id: "task-run", outputs: {} };
  },
  async update(wanted, _before, say) {
    await run(wanted.place, wanted.wanted === "on" ? wanted.on : wanted.off, say);
    return {};
  },
  // What it did is in the database, which only its own programs can see: `scale verify` asks them.
  exists: async () => true,
  observe: async () => [],
  // The rows stay as they are: it goes only with the environment.
  remove: async () => undefined,
};

async function run(place: TaskPlace, programs: Inputs["on"], say: Say): Promise<void> {
  const { runOrFollowTask } = await import("./run-task.ts");
  for (const program of programs) await runOrFollowTask(place, program, say);
}
