import { Flags } from "@oclif/core";
import { environmentFlag, ShopctlCommand } from "../command.ts";
import type { LoadTarget } from "../load/load-target.ts";
import type { TrafficReport } from "../load/traffic-report.ts";

/** What `load --json` prints. */
export interface LoadResult extends TrafficReport {
  readonly schema: "shopctl.load/1";
  readonly environment: string | null;
  readonly url: string;
  readonly users: number;
  readonly ratePerSecond: number;
  readonly seed: number;
}

/** Shoppers at a rate, whatever the shop's answers take. */
export default class Load extends ShopctlCommand {
  static override summary = "Send shoppers to an environment and count every answer";
  static override description = `Open-loop traffic in the growth plan's mix: requests are sent at their time whether or not earlier ones were answered,
and latency counts from that time. Nothing is retried; each failure is counted. A 429 is a refusal, not a failure, and a
409 to an order says that the stock is sold. The rate is the growth plan's for the number of users (106 a second for
8,500) unless --rate says otherwise. Some shoppers sit in offices, many behind one address, so that the base limits refuse
a few of them. Load goes to 127.0.0.0/8 only. Ends with exit code 21 when a request failed.`;
  static override examples = [
    "<%= config.bin %> load --duration 30",
    { description: "The traffic of 20,000 users", command: "<%= config.bin %> load --rate 250" },
  ];
  static override flags = {
    ...environmentFlag,
    users: Flags.integer({ description: "seeded users that shop; all there are by default", min: 1, max: 1_000_000 }),
    rate: Flags.integer({
      description: "requests a second; by default the growth plan's for the users",
      min: 1,
      max: 5_000,
    }),
    duration: Flags.integer({ description: "seconds", default: 60, min: 1, max: 3_600 }),
    seed: Flags.integer({ description: "equal seeds send equal shoppers", default: 1, min: 0 }),
    url: Flags.string({
      description: "a shop on this host instead of an environment",
      helpValue: "http://127.0.0.1:PORT",
      exclusive: ["env"],
    }),
  };

  async run(): Promise<LoadResult> {
    const { flags } = await this.parse(Load);
    const [{ rateOf }, { renderReport }] = await Promise.all([import("../load/mix.ts"), import("../render/load.ts")]);
    const target = await this.#target(flags);
    const { users, baseUrl } = target;
    const ratePerSecond = flags.rate ?? rateOf(users);
    this.say(`${ratePerSecond.toFixed(1)} requests a second of ${users} users for ${flags.duration} s, to ${baseUrl}`);
    const report = await this.#send({ baseUrl, users, ratePerSecond, seed: flags.seed }, flags.duration);
    this.log(renderReport(report));
    if (report.failures > 0) this.finishWith("verification-failed");
    const { environment = null } = target;
    return { schema: "shopctl.load/1", environment, url: baseUrl, users, ratePerSecond, seed: flags.seed, ...report };
  }

  async #target(flags: {
    env: string | undefined;
    url: string | undefined;
    users: number | undefined;
  }): Promise<LoadTarget> {
    const { targetOfEnvironment, targetOfUrl } = await import("../load/load-target.ts");
    if (flags.url !== undefined) return targetOfUrl(flags.url, flags.users);
    return await targetOfEnvironment(await this.openLocalSession(flags.env), flags.users);
  }

  async #send(
    traffic: { baseUrl: string; users: number; ratePerSecond: number; seed: number },
    durationSeconds: number,
  ): Promise<TrafficReport> {
    const [{ runLoad }, { StopSignal }, { renderInterval }] = await Promise.all([
      import("../load/run-load.ts"),
      import("../adapters/stop-signal.ts"),
      import("../render/load.ts"),
    ]);
    const stop = new StopSignal(() => this.say("Stopping: waiting up to 2 s for the last answers …"));
    try {
      return await runLoad({
        traffic,
        durationSeconds,
        signal: stop.signal,
        onSecond: (second, stats) => this.say(renderInterval(second, stats)),
      });
    } finally {
      stop.close();
      if (stop.name !== undefined) this.finishWith(stop.name === "SIGINT" ? "interrupt" : "terminated");
    }
  }
}
