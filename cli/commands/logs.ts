import { Args, Flags } from "@oclif/core";
import { environmentFlag, ShopctlCommand } from "../command.ts";
import type { LogLine } from "../../infra/target.ts";

interface LogsReport {
  readonly schema: "shopctl.logs/1";
  readonly environment: string;
  readonly lines: readonly LogLine[];
}

/** What the processes of an environment say. */
export default class Logs extends ShopctlCommand {
  static override summary = "Show the logs of an environment's processes";
  static override examples = [
    "<%= config.bin %> logs --env demo",
    "<%= config.bin %> logs web --follow",
    "<%= config.bin %> logs postgres --lines 100 --json",
  ];
  static override args = {
    process: Args.string({ description: "a process, or web for all instances; without it all that there are now" }),
  };
  static override flags = {
    ...environmentFlag,
    lines: Flags.integer({
      char: "n",
      description: "last lines to begin with, of all of them together",
      default: 20,
      min: 0,
    }),
    follow: Flags.boolean({ char: "f", description: "go on with new lines until Ctrl-C" }),
  };

  async run(): Promise<LogsReport | undefined> {
    const { args, flags } = await this.parse(Logs);
    const session = await this.openSession(flags.env);
    const [target, { readLastLogs }, { renderLogLine }] = await Promise.all([
      session.target(),
      import("../adapters/read-last-logs.ts"),
      import("../render/log-line.ts"),
    ]);
    const stop = new AbortController();
    // Following ends with Ctrl-C; that is its normal end.
    const end = (): void => stop.abort();
    process.once("SIGINT", end).once("SIGTERM", end);
    const wanted = args.process === undefined ? {} : { process: args.process };
    const lines: LogLine[] = [];
    for await (const line of readLastLogs(target, { ...wanted, ...flags, signal: stop.signal })) {
      if (!this.jsonEnabled()) this.log(renderLogLine(line));
      else if (flags.follow) process.stdout.write(`${JSON.stringify(line)}\n`);
      else lines.push(line);
    }
    process.off("SIGINT", end).off("SIGTERM", end);
    return flags.follow ? undefined : { schema: "shopctl.logs/1", environment: session.environment.name, lines };
  }
}
