import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { StackReference, UntypedDeployment } from "../engine.ts";
import type { PulumiCli } from "./find-cli.ts";
import { environmentFor } from "./open-stack.ts";

const run = promisify(execFile);

/** The deployment with its secrets encrypted; the Automation API's own export always opens them. */
export async function exportStack(cli: PulumiCli, stack: StackReference): Promise<UntypedDeployment> {
  const { stdout } = await run(cli.binary, ["stack", "export", "--stack", stack.stack, "--non-interactive"], {
    cwd: stack.workDir,
    env: { ...process.env, ...environmentFor(cli, stack) },
    maxBuffer: 256 * 1_024 * 1_024,
  });
  return JSON.parse(stdout) as UntypedDeployment;
}
