import { spawn } from "node:child_process";
import { link, mkdir, mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { program } from "../../../infra/local/host/programs.ts";
import { plainEnvironment } from "../../../infra/local/host/run-command.ts";
import type { Snapshot } from "../../advice/snapshot.ts";
import { makeBlocks } from "./make-blocks.ts";
import { PrometheusError } from "./prometheus.ts";

/** A Prometheus that answers for a moment. */
export interface ServedBlocks {
  readonly url: string;
  stop(): Promise<void>;
}

/** Ends the server and removes its folder when our end of stdin closes, which a kill of this process does too. */
const leash = 'folder=$1; shift; "$@" & server=$!; cat > /dev/null; kill "$server"; wait "$server"; rm -rf "$folder"';
const startTimeoutMs = 20_000;

/**
 * Starts a real Prometheus over blocks and further snapshots, on a free port of 127.0.0.1, with nothing to scrape: so that the
 * short history of a shop without monitoring is read by the same queries, with the same meaning, as a Prometheus of years.
 */
export async function serveBlocks(blocks: readonly string[], snapshots: readonly Snapshot[]): Promise<ServedBlocks> {
  const folder = await mkdtemp(join(tmpdir(), "shopctl-history-"));
  const data = join(folder, "data");
  const config = join(folder, "prometheus.yml");
  await mkdir(data);
  await writeFile(config, "global: {}\n");
  await Promise.all([makeBlocks(snapshots, data), ...blocks.map((block) => linkBlock(block, data))]);
  const command = [
    program("prometheus"),
    `--config.file=${config}`,
    `--storage.tsdb.path=${data}`,
    "--storage.tsdb.retention.time=100y",
    "--web.listen-address=127.0.0.1:0",
    `--web.console.templates=${folder}`,
    `--web.console.libraries=${folder}`,
  ];
  const child = spawn("sh", ["-c", leash, "sh", folder, ...command], {
    cwd: folder,
    env: plainEnvironment(),
    stdio: ["pipe", "ignore", "pipe"],
  });
  const ended = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("close", () => resolve());
  });
  const stop = async (): Promise<void> => {
    child.stdin.end();
    await ended;
  };
  const port = await portOf(child.stderr, ended);
  if (port !== undefined) return { url: `http://127.0.0.1:${port}`, stop };
  await stop();
  const why = `the Prometheus over the kept history did not start within ${startTimeoutMs / 1_000} s`;
  throw new PrometheusError("unreachable", why);
}

/** Block files never change, so a link is as good as a copy, also when the block is removed meanwhile. */
async function linkBlock(block: string, data: string): Promise<void> {
  const copy = join(data, block.slice(block.lastIndexOf("/") + 1));
  const entries = await readdir(block, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter((one) => one.isFile())) {
    const inside = entry.parentPath.slice(block.length);
    await mkdir(join(copy, inside), { recursive: true });
    await link(join(entry.parentPath, entry.name), join(copy, inside, entry.name));
  }
}

/** The port is the kernel's choice; the server says it, and later that it is ready. */
async function portOf(log: NodeJS.ReadableStream, ended: Promise<void>): Promise<number | undefined> {
  let text = "";
  const ready = new Promise<number | undefined>((resolve) => {
    log.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const port = /msg="Listening on" address=127\.0\.0\.1:(\d+)/.exec(text)?.[1];
      if (port !== undefined && text.includes("Server is ready to receive web requests")) resolve(Number(port));
    });
    setTimeout(() => resolve(undefined), startTimeoutMs).unref();
  });
  return await Promise.race([ready, ended.then(() => undefined)]);
}
