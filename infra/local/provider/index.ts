import { main } from "@pulumi/pulumi/provider/index.js";
import { openEngineLog } from "./engine-log.ts";
import { localProvider } from "./provider.ts";

// An engine that was killed cannot tell us to stop; going on would race with the run that picks up after it.
const engine = process.ppid;
setInterval(() => {
  if (process.ppid !== engine) process.exit(1);
}, 250).unref();

openEngineLog(process.argv.slice(2));
main(localProvider, process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
