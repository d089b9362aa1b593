import { Flags } from "@oclif/core";
import { environmentFlag, ShopctlCommand } from "../../command.ts";
import { FailureError } from "../../errors/failure.ts";
import type { PredictionCheck } from "../../planning/capacity/prediction-error.ts";
import type { CapacityPrediction } from "../../planning/capacity/predict-capacity.ts";
import { figures } from "../../../service/contract/figures.ts";

/** What `load verify --json` prints. */
interface VerifyResult extends PredictionCheck {
  readonly schema: "shopctl.load.verify/1";
  readonly environment: string;
  /** The result that the prediction was made from. */
  readonly from: string;
  readonly prediction: CapacityPrediction;
  /** The result that it was checked by; kept. */
  readonly measured: string;
}

/** Whether what was predicted of the running topology is so. */
export default class LoadVerify extends ShopctlCommand {
  static override summary =
    "Run the load that was predicted for the running topology, and print the prediction's error";
  static override description = `Predicts the capacity of what runs from the newest result of another topology, then finds the knee by load as
\`load capacity\` does, beginning just below the prediction. Ends with exit code 21 when the prediction is off by more than
--allowed percent, and with 10 where there is nothing to predict from.`;
  static override examples = ["<%= config.bin %> load verify --env demo"];
  static override flags = {
    ...environmentFlag,
    users: Flags.integer({ description: "seeded users that shop; all there are by default", min: 1, max: 1_000_000 }),
    allowed: Flags.integer({ description: "percent that the prediction may be off", default: 20, min: 1, max: 100 }),
    tries: Flags.integer({ description: "different rates that are tried at most", default: 12, min: 2, max: 40 }),
    seconds: Flags.integer({ description: "seconds that a rate is counted for", default: 5, min: 2, max: 60 }),
    "warm-up": Flags.integer({ description: "seconds before the first rate counts", default: 8, min: 0, max: 120 }),
  };

  async run(): Promise<VerifyResult> {
    const { flags } = await this.parse(LoadVerify);
    const session = await this.openLocalSession(flags.env);
    const [{ targetOfEnvironment }, { runningTopology }, { measureCapacity }, { predictRunning }, { checkPrediction }] =
      await Promise.all([
        import("../../load/load-target.ts"),
        import("../../rollout/running-topology.ts"),
        import("../../rollout/measure-capacity.ts"),
        import("../../rollout/predict-running.ts"),
        import("../../planning/capacity/prediction-error.ts"),
      ]);
    const { StopSignal } = await import("../../adapters/stop-signal.ts");
    const { renderCapacity, renderPoint } = await import("../../render/capacity.ts");
    const topology = await runningTopology(session);
    const { from, prediction } = await predictRunning(session, topology);
    const predicted = prediction.capacityPerSecond;
    this.say(`predicted: ${predicted.toFixed(0)} requests a second, bound by the ${prediction.binding}`);
    const target = await targetOfEnvironment(session, flags.users);
    const stop = new StopSignal(() => this.say("Stopping: waiting up to 2 s for the last answers …"));
    try {
      const result = await measureCapacity(session, {
        target,
        topology,
        bounds: { firstRate: Math.max(1, Math.round(predicted * 0.7)), mostRate: 5_000, mostTries: flags.tries },
        objectives: { p95Ms: figures.objectives.responseSecondsMax * 1_000, failures: 0 },
        warmUpSeconds: flags["warm-up"],
        secondsPerRate: flags.seconds,
        seed: 1,
        signal: stop.signal,
        say: (line) => this.say(line),
        onPoint: (point) => this.say(renderPoint(point)),
      });
      this.log(renderCapacity(result));
      if (result.kneePerSecond === 0) throw this.#nothingKept();
      const check = checkPrediction(predicted, result.kneePerSecond, flags.allowed / 100);
      const off = `${check.error < 0 ? "−" : "+"}${Math.abs(check.error * 100).toFixed(1)}%`;
      this.log(
        `predicted ${predicted.toFixed(0)}, measured ${check.measuredPerSecond.toFixed(0)} requests a second: error ${off}`,
      );
      if (!check.within) this.finishWith("verification-failed");
      const { name } = session.environment;
      return {
        schema: "shopctl.load.verify/1",
        environment: name,
        from: from.id,
        prediction,
        measured: result.id,
        ...check,
      };
    } finally {
      stop.close();
      if (stop.name !== undefined) this.finishWith(stop.name === "SIGINT" ? "interrupt" : "terminated");
    }
  }

  #nothingKept(): FailureError {
    return new FailureError({
      code: "verification-failed",
      environment: this.environmentName,
      failed: ["no rate that was tried kept every objective"],
    });
  }
}
