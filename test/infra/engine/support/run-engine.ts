/** Entry of a process of its own that runs one operation, for tests that kill it: `run-engine.ts <stack JSON> up|destroy`. */
import type { StackReference } from "../../../../infra/engine/engine.ts";
import { EmbeddedEngine } from "../../../../infra/engine/embedded/embedded-engine.ts";

const [stack, operation] = process.argv.slice(2);
const engine = new EmbeddedEngine();
const reference = JSON.parse(stack ?? "") as StackReference;
if (operation === "destroy") await engine.destroy(reference, {});
else await engine.up(reference, {});
