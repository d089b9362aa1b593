/**
 * How long advice takes: `npm run bench:recommend [-- --days 30 --instances 16 --turns 5 --folder DIR]`. A real Prometheus has
 * that many days of 15-second scrapes of that many instances, and what the rules of the monitoring step recorded meanwhile; the
 * built shopctl is asked for advice by its address. Passes when the middle turn took less than two seconds and none more than
 * 200 MiB. For comparison it is asked once more with labels that only the scrapes have. The history is made once in a
 * folder, which takes some fifteen minutes, and found there for half a day.
 */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { installedShopctl } from "../support/installed-shopctl.ts";
import { makeHistory } from "./recommend-history.ts";
import { serveHistory } from "./serve-history.ts";

const mostMs = 2_000;
const mostMiB = 200;

const { values: options } = parseArgs({
  options: {
    days: { type: "string", default: "30" },
    instances: { type: "string", default: "16" },
    turns: { type: "string", default: "5" },
    folder: { type: "string", default: join(tmpdir(), "shopctl-bench-recommend") },
  },
});
const history = await makeHistory(options.folder, {
  days: Number(options.days),
  instances: Number(options.instances),
  say: (line) => console.log(line),
});
console.log(`${history.series} series, ${history.samples.toLocaleString("en-US")} samples`);

const prometheus = await serveHistory(history.folder);
// Servers of an environment run under accounts of their own.
const home = mkdtempSync("/var/tmp/shopctl-bench-");
chmodSync(home, 0o755);
const shopctl = installedShopctl(home);
try {
  await expectExit(shopctl.run("env", "create", "bench"));
  const turns: Turn[] = [];
  for (let turn = 1; turn <= Number(options.turns); turn += 1) {
    const one = await measure();
    turns.push(one);
    say(`turn ${turn}`, one);
  }
  say("from scrapes alone", await measure("--selector", 'job="shop",instance!=""'));
  const middleMs = turns.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b)[Math.floor(turns.length / 2)] ?? NaN;
  const peakMiB = Math.max(...turns.map((one) => one.peakMiB));
  const passed = middleMs < mostMs && peakMiB < mostMiB;
  console.log(
    `middle ${(middleMs / 1_000).toFixed(2)} s (< 2), most ${peakMiB.toFixed(0)} MiB (< 200): ${passed ? "passed" : "missed"}`,
  );
  process.exitCode = passed ? 0 : 1;
} finally {
  await shopctl.run("env", "destroy", "bench", "--confirm", "bench");
  await prometheus.stop();
  rmSync(home, { recursive: true, force: true });
}

interface Turn {
  readonly tookMs: number;
  readonly peakMiB: number;
  /** How many steps have which verdict: an answer that knows nothing is no advice. */
  readonly verdicts: string;
}

function say(what: string, { tookMs, peakMiB, verdicts }: Turn): void {
  console.log(`${what}: ${(tookMs / 1_000).toFixed(2)} s, ${peakMiB.toFixed(0)} MiB, ${verdicts}`);
}

/** One run, with the most memory that its process ever held. */
async function measure(...flags: readonly string[]): Promise<Turn> {
  const words = ["scale", "recommend", "--prometheus", prometheus.url, "--json", ...flags];
  const { child, finished } = shopctl.start(...words);
  let peakMiB = 0;
  const look = setInterval(() => (peakMiB = Math.max(peakMiB, peakOf(child.pid ?? 0))), 10);
  const { stdout, tookMs } = await expectExit(finished);
  clearInterval(look);
  const { steps } = z.object({ steps: z.array(z.object({ verdict: z.string() })) }).parse(JSON.parse(stdout));
  const counts = [...Map.groupBy(steps, ({ verdict }) => verdict)].map(([verdict, of]) => `${of.length} ${verdict}`);
  return { tookMs, peakMiB, verdicts: counts.join(", ") };
}

async function expectExit<One extends { exit: number; stderr: string }>(running: Promise<One>): Promise<One> {
  const one = await running;
  if (one.exit !== 0) throw new Error(`shopctl ended with ${one.exit}: ${one.stderr}`);
  return one;
}

/** The kernel's own high-water mark; 0 once the process is gone. */
function peakOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
}
