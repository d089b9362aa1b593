import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BackupFile } from "../../../infra/local/backup/backup-files.ts";
import { databaseIndexes } from "../../../service/contract/indexes.ts";
import { ShopctlHome, type Outcome } from "./shopctl.ts";

const names = databaseIndexes.map(({ name }) => name);
const movesTheSchema = ["database-indexes", "partitioning", "archiving"];

describe("a backup from before steps that moved the schema", { timeout: 240_000 }, () => {
  const home = new ShopctlHome();

  beforeAll(async () => {
    const file = join(home.folder, "topology.yaml");
    writeFileSync(file, "pooler: pgbouncer\ndatabase: paid\n");
    const size = ["--users", "50", "--products", "40"];
    await done("env", "create", "back", "--topology", file, ...size);
  }, 170_000);

  afterAll(() => home.end("back"), 60_000);

  it("is brought where the stack has its data when it is restored, and so is one from after them", async () => {
    const before = (await done("backup", "create")).json;
    await rolledOut("apply");
    const restored = await done("backup", "restore", idOf(before), "--yes");
    expect(restored.json["settled"]).toContain(`indexes are missing: ${names.join(", ")}`);
    expect(await drift()).toEqual([0, []]);
    const after = (await done("backup", "create")).json;
    await rolledOut("rollback");
    const again = await done("backup", "restore", idOf(after), "--yes");
    expect(again.json["settled"]).toContain(
      `there are indexes that the stack does not have: ${names.toSorted().join(", ")}`,
    );
    expect(await drift()).toEqual([0, []]);
  });

  async function done(...args: string[]): Promise<Outcome> {
    const outcome = await home.run(...args);
    expect([outcome.exit, outcome.json["why"], outcome.stderr]).toEqual([0, undefined, expect.any(String)]);
    return outcome;
  }

  async function rolledOut(direction: "apply" | "rollback"): Promise<void> {
    const steps = movesTheSchema.flatMap((step) => ["--step", step]);
    await done("scale", direction, ...steps, "--yes", "--window", "2");
  }

  async function drift(): Promise<unknown> {
    const { exit, json } = await home.run("drift");
    return [exit, json["differences"]];
  }
});

function idOf(report: Record<string, unknown>): string {
  return (report["backup"] as BackupFile).id;
}
