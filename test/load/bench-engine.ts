/**
 * What an update that changes nothing takes on both engines: `npm run bench:engine [-- --to 3 --turns 7]`. The Pulumi CLI on
 * PATH makes an environment and takes it to a phase under counted requests; then both engines bring the same stack up as it
 * is, in turn. Passes when the embedded engine's middle turn is no longer than the CLI's and no request failed.
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { EmbeddedEngine } from "../../infra/engine/embedded/embedded-engine.ts";
import type { Engine } from "../../infra/engine/engine.ts";
import { findCli } from "../../infra/engine/pulumi-cli/find-cli.ts";
import { PulumiCliEngine } from "../../infra/engine/pulumi-cli/pulumi-cli-engine.ts";
import { loadLocalEnvironment } from "../../infra/environment/require-target.ts";
import { stackOf } from "../../infra/environment/stack.ts";
import { installedShopctl } from "../support/installed-shopctl.ts";
import { startOutsideLoad } from "../support/outside-load.ts";

const { values: options } = parseArgs({
  options: { to: { type: "string", default: "3" }, turns: { type: "string", default: "7" } },
});
const cli = await findCli(process.env);
if (cli === undefined) throw new Error("no Pulumi CLI answers `pulumi version`; put one on PATH");
process.env["SHOPCTL_ENGINE"] = "pulumi";
// Servers of an environment run under accounts of their own.
const home = mkdtempSync("/var/tmp/shopctl-bench-");
chmodSync(home, 0o755);
const shopctl = installedShopctl(home);
try {
  await expectDone("env", "create", "bench", "--users", "50", "--products", "50");
  const environment = await loadLocalEnvironment(home, "bench");
  const url = `http://127.0.0.1:${environment.ports.router}`;
  const load = startOutsideLoad({ url, clients: 24, maxMs: 3_600_000 });
  await expectDone("scale", "apply", "--to", options.to, "--window", "15", "--yes");
  const { requests, failures } = await load.stop();
  console.log(`to phase ${options.to} by Pulumi ${cli.version}: ${failures.length} of ${requests} requests failed`);

  const engines: readonly Engine[] = [new EmbeddedEngine(), new PulumiCliEngine(cli)];
  const seconds = engines.map((): number[] => []);
  let resources = 0;
  for (let turn = 1; turn <= Number(options.turns); turn += 1) {
    for (const [at, engine] of engines.entries()) {
      const startedAt = performance.now();
      const { changes } = await engine.up(stackOf(environment), { message: "no change", expectNoChanges: true });
      seconds[at]?.push((performance.now() - startedAt) / 1_000);
      resources = changes.same ?? 0;
    }
    console.log(
      `turn ${turn}: ${engines.map(({ kind }, at) => `${kind} ${seconds[at]?.at(-1)?.toFixed(2)} s`).join(", ")}`,
    );
  }
  const [embedded = NaN, pulumi = NaN] = seconds.map(middleOf);
  const ratio = embedded / pulumi;
  console.log(
    `no change in ${resources} resources: embedded ${embedded.toFixed(2)} s, Pulumi ${pulumi.toFixed(2)} s in the middle, ratio ${ratio.toFixed(2)}`,
  );
  if (!(ratio <= 1) || failures.length > 0) process.exitCode = 1;
} finally {
  await shopctl.run("env", "destroy", "bench", "--confirm", "bench", "--force");
  rmSync(home, { recursive: true, force: true });
}

async function expectDone(...command: string[]): Promise<void> {
  const { exit, stderr } = await shopctl.run(...command);
  if (exit !== 0) throw new Error(`shopctl ${command.join(" ")} ended with ${exit}:\n${stderr}`);
}

function middleOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
