import { Flags } from "@oclif/core";
import { environmentFlag, ShopctlCommand } from "../../command.ts";
import type { WatchReport } from "../../rollout/watch.ts";

/** Keeps scrapes of a shop that has no Prometheus yet, so that advice has a history. */
export default class ScaleWatch extends ShopctlCommand {
  static override summary = "Keep scrapes of the shop, so that advice has a history before there is a Prometheus";
  static override description = `Scrapes every instance now and again until it is stopped, or once with --once, and keeps what signals read: some 100 numbers an
instance, in two bytes each once they are two hours old, for 60 days. An hour counts in advice when it was scraped at
least every five minutes; a load needs ten minutes of scrapes, a forecast two weeks.`;
  static override examples = [
    "<%= config.bin %> scale watch",
    {
      description: "Every minute by cron",
      command: "* * * * * <%= config.bin %> scale watch --once --env shop",
    },
  ];
  static override flags = {
    ...environmentFlag,
    once: Flags.boolean({ description: "one scrape, for cron" }),
    interval: Flags.integer({
      description: "seconds from scrape to scrape",
      default: 15,
      min: 1,
      max: 300,
      helpValue: "SECONDS",
    }),
  };

  async run(): Promise<WatchReport> {
    const { flags } = await this.parse(ScaleWatch);
    const session = await this.openSession(flags.env);
    const [{ watch }, { StopSignal }] = await Promise.all([
      import("../../rollout/watch.ts"),
      import("../../adapters/stop-signal.ts"),
    ]);
    const stop = new StopSignal(() => this.say("Stopping …"));
    try {
      const report = await watch(session, {
        intervalSeconds: flags.once ? undefined : flags.interval,
        signal: stop.signal,
        say: (line) => this.say(line),
      });
      this.log(`${report.scrapes} ${report.scrapes === 1 ? "scrape" : "scrapes"} kept of ${report.environment}`);
      return report;
    } finally {
      stop.close();
    }
  }
}
