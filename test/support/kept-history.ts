import { execFile } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { promisify } from "node:util";
import { freePort } from "./free-port.ts";
import { startChild, type Child } from "./child.ts";
import { waitUntil } from "./wait-until.ts";

/** A real Prometheus over a history that a test made up. */
export interface KeptHistory {
  readonly url: string;
  stop(): Promise<void>;
}

/** Fills a Prometheus from OpenMetrics lines (without the last one, `# EOF`) and starts it. */
export async function startKeptHistory(lines: Iterable<string>, args: readonly string[] = []): Promise<KeptHistory> {
  const folder = await mkdtemp(join(tmpdir(), "shopctl-kept-"));
  const text = join(folder, "history.om");
  const config = join(folder, "prometheus.yml");
  await writeLines(text, lines);
  await writeLines(config, ["global: {}\n"]);
  const words = ["tsdb", "create-blocks-from", "openmetrics", "--max-block-duration=1458h", text, join(folder, "data")];
  await promisify(execFile)("promtool", words);
  const port = await freePort();
  const server: Child = startChild("prometheus", [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    "--storage.tsdb.retention.time=100y",
    `--web.listen-address=127.0.0.1:${port}`,
    ...args,
  ]);
  const url = `http://127.0.0.1:${port}`;
  await waitUntil("the Prometheus to be ready", async () => (await fetch(`${url}/-/ready`)).ok);
  return {
    url,
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}

async function writeLines(file: string, lines: Iterable<string>): Promise<void> {
  const stream = createWriteStream(file);
  let chunk = "";
  for (const line of lines) {
    chunk += line;
    if (chunk.length < 1_000_000) continue;
    if (!stream.write(chunk)) await once(stream, "drain");
    chunk = "";
  }
  stream.end(chunk);
  await finished(stream);
}
