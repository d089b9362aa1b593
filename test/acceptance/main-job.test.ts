import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { steps } from "../../cli/phases/index.ts";
import { installedShopctl, processesIn } from "../support/installed-shopctl.ts";
import { startOutsideLoad, type OutsideReport } from "../support/outside-load.ts";
import { becomeCustomer, ordersOf, type Customer } from "../support/shop-customer.ts";

/** The main job as a user meets it: the built command, real components, requests counted by somebody else. */
const home = mkdtempSync("/tmp/shopctl-acceptance-");
const shopctl = installedShopctl(home);
const phase1 = steps.filter(({ phase }) => phase === 1).map(({ id }) => id);
const clients = 24;
const maxLoadMs = 240_000;
let url = "";

beforeAll(async () => {
  // Components run as other OS users and must be able to reach their folders.
  const { chmodSync } = await import("node:fs");
  chmodSync(home, 0o755);
});

afterAll(async () => {
  await shopctl.run("demo", "--destroy");
  rmSync(home, { recursive: true, force: true });
});

async function underOutsideLoad(work: () => Promise<void>): Promise<OutsideReport> {
  const load = startOutsideLoad({ url, clients, maxMs: maxLoadMs });
  try {
    await work();
  } finally {
    await load.stop();
  }
  return await load.stop();
}

function expectHitless(report: OutsideReport): void {
  expect(report.failures).toEqual([]);
  expect(report.requests).toBeGreaterThan(100);
  // The promise is 2 s; a machine that does other work besides gets more.
  expect(report.longestMs).toBeLessThan(5_000);
  console.info(`outside load: ${report.requests} requests, longest ${Math.round(report.longestMs)} ms`);
}

describe("the main job", () => {
  test("the demo scales a shop through phase 1 without a failed request", async () => {
    const { exit, stdout, stderr } = await shopctl.run("demo", "--window", "10", "--json");
    expect(exit, stderr).toBe(0);
    const demo = JSON.parse(stdout);
    expect(demo.total.failures).toBe(0);
    expect(demo.total.sent).toBeGreaterThan(3_000);
    expect(demo.steps.map(({ step, state }: { step: string; state: string }) => `${step} ${state}`)).toEqual(
      phase1.map((id) => `${id} done`),
    );
    expect(demo.before.usdPerMonth).toBe(7);
    expect(demo.after.usdPerMonth).toBe(74.95);
  });

  test("each step is taken back alone under outside load, and no account or order is lost", async () => {
    url = JSON.parse((await shopctl.run("scale", "status", "--json")).stdout).url;
    const customers: Customer[] = [];
    const report = await underOutsideLoad(async () => {
      for (const [index, id] of phase1.toReversed().entries()) {
        customers.push(await becomeCustomer(url, `customer${index}@example.test`));
        const { exit, stderr } = await shopctl.run("scale", "rollback", "--step", id, "--yes");
        expect(exit, `${id}: ${stderr}`).toBe(0);
      }
    });
    expectHitless(report);
    for (const customer of customers) expect(await ordersOf(url, customer)).toEqual(customer.orders);
  });

  test("a shopctl that is killed in the middle of a step is taken over by the next one", async () => {
    const customer = await becomeCustomer(url, "survivor@example.test");
    const report = await underOutsideLoad(async () => {
      const killed = shopctl.start("scale", "apply", "--phase", "1", "--yes");
      await seen(killed.child.stderr, /create-replacement|creating|web-1/i);
      killed.child.kill("SIGKILL");
      expect((await killed.finished).exit).toBe(137);
      const { exit, stderr } = await shopctl.run("scale", "apply", "--phase", "1", "--yes");
      expect(exit, stderr).toBe(0);
    });
    expectHitless(report);
    expect(await ordersOf(url, customer)).toEqual(customer.orders);
    const shown = JSON.parse((await shopctl.run("env", "show", "--json")).stdout);
    expect(
      shown.observation.processes.filter(({ component }: { component: string }) => component === "web"),
    ).toHaveLength(1);
    expect((await shopctl.run("scale", "verify", "--json")).exit).toBe(0);
  });

  test("version and status answer at once", async () => {
    // The promise is 250 ms and 600 ms as medians on a warm machine; a busy one gets four times that here.
    expect(await medianMs("--version")).toBeLessThan(1_000);
    expect(await medianMs("scale", "status", "--json")).toBeLessThan(2_400);
  });

  test("destroying the demo leaves nothing behind", async () => {
    const { exit, stderr } = await shopctl.run("demo", "--destroy");
    expect(exit, stderr).toBe(0);
    expect(processesIn(home)).toEqual([]);
    expect(existsSync(`${home}/environments/demo`)).toBe(false);
  });
});

/** Resolves when the stream has said something that matches; rejects when it ends without. */
function seen(stream: NodeJS.ReadableStream | null, pattern: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = "";
    stream?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (pattern.test(text)) resolve();
    });
    stream?.once("end", () => reject(new Error(`never said ${String(pattern)}: ${text}`)));
  });
}

async function medianMs(...args: string[]): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 5; run += 1) times.push((await shopctl.run(...args)).tookMs);
  return times.toSorted((a, b) => a - b)[2] ?? Number.POSITIVE_INFINITY;
}
