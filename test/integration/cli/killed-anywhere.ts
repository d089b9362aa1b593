import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { steps, type StepId } from "../../../cli/phases/index.ts";
import type { StatusReport } from "../../../cli/rollout/status-report.ts";
import { startOutsideLoad } from "../../support/outside-load.ts";
import { ShopctlHome } from "./shopctl.ts";

/** Every moment is a line of progress: a stage begins, a resource operation begins or ends. */
const everyMoment = process.env["SHOPCTL_FAULTS"] === "full";
/** More than a command has lines. */
const endless = 1_000;
const hours = 3_600_000;
const quick = ["--yes", "--window", "2"];

interface Tried {
  readonly step: StepId;
  /** Lines of progress after which shopctl is killed, each on the way there and on the way back. */
  readonly moments: readonly number[];
}

/**
 * Fault 20 for the steps of a phase, in an environment of its own that has the phases before: `npm run test:faults` kills
 * at every moment of every step, `npm test` at those that are given. The phases are tests in files of their own so that
 * two of them can run at a time.
 */
export function describeKills(phase: number, some: readonly Tried[]): void {
  const tried = everyMoment
    ? steps
        .filter((step) => step.phase === phase)
        .map(({ id }) => ({ step: id, moments: Array.from({ length: endless }, (_, at) => at + 1) }))
    : some;
  const timeout = everyMoment ? 3 * hours : 120_000;

  describe.skipIf(tried.length === 0)(
    `fault 20: shopctl is killed (SIGKILL) in a step of phase ${phase}`,
    { timeout },
    () => {
      const home = new ShopctlHome();
      let url = "";

      beforeAll(async () => {
        const created = await home.run("env", "create", "killed", "--users", "20", "--products", "50");
        expect(created.exit, created.stderr).toBe(0);
        url = (await status()).url;
      });

      afterAll(() => home.end("killed"), 60_000);

      it.for(tried)(
        "at moments of $step: the rerun converges and nothing is left over",
        async ({ step, moments }, { annotate }) => {
          if (everyMoment) await reach(step);
          const before = (await status()).topology;
          const load = startLoad();
          let kills = 0;
          for (const moment of moments) {
            const there = await killAfter(moment, "scale", "apply", "--step", step, ...quick);
            await converges(["scale", "apply", "--step", step], step, true);
            const back = await killAfter(moment, "scale", "rollback", "--step", step, ...quick);
            await converges(["scale", "rollback", "--step", step], step, false);
            expect((await status()).topology).toEqual(before);
            kills += Number(there) + Number(back);
            if (!there && !back) break;
          }
          expect((await home.run("scale", "apply", "--step", step, ...quick)).exit).toBe(0);
          const { requests, failures } = await load.stop();
          const figure = `${kills} kills, ${failures.length} of ${requests} requests failed, nothing left over`;
          await annotate(figure, "figure");
          expect(failures).toEqual([]);
        },
      );

      function startLoad(): ReturnType<typeof startOutsideLoad> {
        return startOutsideLoad({ url, clients: 4, maxMs: 3 * hours });
      }

      /** Applies what comes before a step and is not there: also where a run picks tests by name, or the one before failed. */
      async function reach(step: StepId): Promise<void> {
        const { steps: states } = await status();
        const missing = states
          .slice(
            0,
            states.findIndex(({ id }) => id === step),
          )
          .filter(({ done }) => !done);
        const load = startLoad();
        for (const { id } of missing) {
          const reached = await home.run("scale", "apply", "--step", id, ...quick);
          expect(reached.exit, reached.stderr).toBe(0);
        }
        await load.stop();
      }

      /** The command that was killed is typed again; whether it had done its work already or not, all must be well after it. */
      async function converges(command: readonly string[], step: StepId, done: boolean): Promise<void> {
        const again = await home.run(...command, ...quick);
        const { steps: states, unfinished } = await status();
        expect([states.find(({ id }) => id === step)?.done, unfinished], again.stderr).toEqual([done, undefined]);
        const verified = await home.run("scale", "verify");
        expect(verified.exit, verified.stdout).toBe(0);
        const { findings } = (await home.run("recover", "--dry-run")).json as { findings: unknown[] };
        expect(findings).toEqual([]);
      }

      /** Kills a command at its `moment`th line of progress; false when it came to its end before. */
      async function killAfter(moment: number, ...command: string[]): Promise<boolean> {
        const child = home.start(...command);
        let killed = false;
        let lines = 0;
        child.process.stderr?.on("data", (chunk: Buffer) => {
          lines += chunk.toString().split("\n").length - 1;
          if (lines < moment || killed) return;
          killed = true;
          child.process.kill("SIGKILL");
        });
        await child.exited;
        return killed;
      }

      async function status(): Promise<StatusReport> {
        return (await home.run("scale", "status")).json as unknown as StatusReport;
      }
    },
  );
}
