import { FaultStore } from "./fault-store.ts";
import { faultSinkEnvironment } from "./sink-config.ts";
import { takeEnvelopes } from "./take-envelopes.ts";

/** The fault sink: takes the faults that the shop reports, as Sentry would, and keeps the last of them. */
const config = faultSinkEnvironment.parse(process.env);
const sink = takeEnvelopes(config.FAULT_SINK_KEY, new FaultStore(config.FAULT_SINK_DATA));
sink.once("error", (error) => {
  console.error(`fault sink: ${error.message}`);
  process.exit(1);
});
sink.listen(config.FAULT_SINK_PORT, "127.0.0.1", () => console.log(`fault sink on ${config.FAULT_SINK_PORT}`));
process.once("SIGTERM", () => {
  sink.close();
  sink.closeIdleConnections();
});
