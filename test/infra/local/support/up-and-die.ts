import { configureTopology, stackOf } from "../../../../infra/environment/stack.ts";
import { loadEnvironment } from "../../../../infra/environment/store.ts";
import { EmbeddedEngine } from "../../../../infra/engine/embedded/embedded-engine.ts";
import { topologySchema } from "../../../../infra/topology/topology.ts";

/** Run as a process: begins an update and kills itself at the start of an operation. Arguments: home, name, topology, `operation resource`. */
const [home = "", name = "", topology = "", at = ""] = process.argv.slice(2);
const environment = await loadEnvironment(home, name);
await configureTopology(environment, topologySchema.parse(JSON.parse(topology)));
await new EmbeddedEngine().up(stackOf(environment), {
  onEvent(event) {
    if (event.kind !== "resource-started" || `${event.operation} ${event.name}` !== at) return;
    // Not at once: the provider should be in the middle of it.
    setTimeout(() => process.kill(process.pid, "SIGKILL"), 120);
  },
});
