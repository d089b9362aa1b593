import { Command, Flags } from "@oclif/core";
import type { LocalSession, Session } from "./adapters/session.ts";
import type { ExitName } from "./exit-codes.ts";
import { exitCodes } from "./exit-codes.ts";

/**
 * Base of every command. `run()` prints for people and returns the typed result, which `--json` prints instead; whatever
 * is thrown becomes an explanation with an exit code of the one table.
 */
export abstract class ShopctlCommand extends Command {
  static override enableJsonFlag = true;

  /** Environment that the command is about, for the wording of errors. */
  protected environmentName = "";

  /** Opens the environment of a name, or the only one there is. */
  protected async openSession(name: string | undefined): Promise<Session> {
    this.environmentName = name ?? "";
    const { openSession } = await import("./adapters/session.ts");
    const session = await openSession(name);
    this.environmentName = session.environment.name;
    return session;
  }

  /** The same for what only environments of this machine have; refuses others as `unsupported`. */
  protected async openLocalSession(name: string | undefined): Promise<LocalSession> {
    const session = await this.openSession(name);
    const { requireLocal } = await import("../infra/environment/require-target.ts");
    return { ...session, environment: requireLocal(session.environment) };
  }

  /** Ends with a code of the table although the command has its result. */
  protected finishWith(exit: ExitName): void {
    process.exitCode = exitCodes[exit].exit;
  }

  /** A line for people that is no result: progress, hints. Always to stderr, with `--json` too. */
  protected say(line: string): void {
    process.stderr.write(`${line}\n`);
  }

  /** Refuses, before the work begins, a file that could not be written at its end; fine without one. */
  protected async requireOutput(option: string, file: string | undefined): Promise<void> {
    if (file === undefined) return;
    const { requireOutput } = await import("./adapters/output-file.ts");
    await requireOutput({ option, file });
  }

  /** Writes a result to a file, with the folders on the way that are missing. */
  protected async writeOutput(file: string, content: string): Promise<void> {
    const { writeOutput } = await import("./adapters/output-file.ts");
    await writeOutput(file, content);
  }

  override logJson(json: unknown): void {
    process.stdout.write(`${JSON.stringify(json, undefined, 2)}\n`);
  }

  protected override async catch(error: Error): Promise<void> {
    const { reportError } = await import("./errors/report-error.ts");
    const help = `shopctl ${(this.id ?? "").replaceAll(":", " ")} --help`;
    reportError(error, { environment: this.environmentName, help, json: this.jsonEnabled() });
  }
}

/** `--env` of every command that works on one environment. */
export const environmentFlag = {
  env: Flags.string({
    char: "e",
    env: "SHOPCTL_ENV",
    description: "environment; without it SHOPCTL_ENV, then the only one there is",
    helpValue: "NAME",
  }),
};
