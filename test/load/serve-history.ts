import { join } from "node:path";
import { startChild } from "../support/child.ts";
import { freePort } from "../support/free-port.ts";
import { waitUntil } from "../support/wait-until.ts";

/** A Prometheus over a history that was made (`recommend-history.ts`); it scrapes nothing. */
export async function serveHistory(folder: string): Promise<{ readonly url: string; stop(): Promise<unknown> }> {
  const port = await freePort();
  const prometheus = startChild("prometheus", [
    `--config.file=${join(folder, "prometheus.yml")}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    "--storage.tsdb.retention.time=100y",
    // Days stay as they were made: merging them would go on beside what is measured.
    "--storage.tsdb.min-block-duration=1d",
    "--storage.tsdb.max-block-duration=1d",
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  const url = `http://127.0.0.1:${port}`;
  await waitUntil("the Prometheus to be ready", async () => (await fetch(`${url}/-/ready`)).ok);
  return { url, stop: () => prometheus.stop() };
}
