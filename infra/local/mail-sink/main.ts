import { join } from "node:path";
import { createApiListener } from "./api-listener.ts";
import { CountFile } from "./count-file.ts";
import { MessageStore } from "./message-store.ts";
import { sinkEnvironment } from "./sink-config.ts";
import { createSmtpListener } from "./smtp-listener.ts";

/** The mail sink: takes the shop's mail by SMTP and by SendGrid's API and keeps it instead of sending it. */
const config = sinkEnvironment.parse(process.env);
const file = new CountFile(join(config.SINK_DATA, "counts.json"));
const store = new MessageStore(config.SINK_DATA);
const smtp = createSmtpListener(config, store, file);
const api = createApiListener(config, store, file);

const fail = (error: Error): never => {
  console.error(`mail sink: ${error.message}`);
  process.exit(1);
};
smtp.server.once("error", fail);
api.once("error", fail);
smtp.listen(config.SINK_SMTP_PORT, "127.0.0.1");
api.listen(config.SINK_API_PORT, "127.0.0.1", () =>
  console.log(`mail sink: SMTP on ${config.SINK_SMTP_PORT}, API on ${config.SINK_API_PORT}`),
);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    api.close();
    api.closeIdleConnections();
    smtp.close(() => void file.save().finally(() => process.exit(0)));
    // Clients that keep a connection open must not keep a stopped sink alive.
    setTimeout(() => void file.save().finally(() => process.exit(0)), 1_000).unref();
  });
}
