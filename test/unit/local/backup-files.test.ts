import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { backupId, surplus, sweepDrafts } from "../../../infra/local/backup/backup-files.ts";
import { lackOfSpace } from "../../../infra/local/backup/disk-space.ts";
import type { BackupFile, BackupKind } from "../../../infra/local/backup/backup-files.ts";

const files = (kind: BackupKind, count: number): BackupFile[] =>
  Array.from({ length: count }, (_, at) => ({
    id: `${kind}-${at}`,
    kind,
    at: `2026-01-${String(31 - at)}T03:00:00Z`,
    sizeBytes: 1,
  }));

test("an id is its kind and second in UTC", () => {
  expect(backupId("nightly", new Date("2026-01-04T03:00:00.123Z"))).toBe("nightly-20260104T030000Z");
});

test("seven nightly backups are kept, safety ones for thirty days however many, and all that the operator made", () => {
  const now = Date.parse("2026-01-31T12:00:00Z");
  const old = { id: "safety-old", kind: "safety" as const, at: "2026-01-01T11:59:59Z", sizeBytes: 1 };
  const all = [...files("nightly", 9), ...files("safety", 20), old, ...files("manual", 20)];
  expect(surplus(all, now).map((file) => file.id)).toEqual(["nightly-7", "nightly-8", "safety-old"]);
});

test("drafts of dumps that were killed are swept after an hour", async () => {
  const folder = mkdtempSync(join(tmpdir(), "shopctl-drafts-"));
  for (const name of ["safety-1.dump.partial", "manual-20260104T030000Z.dump"]) writeFileSync(join(folder, name), "");
  const written = Date.now();
  await sweepDrafts(folder, written + 3_500_000);
  expect(readdirSync(folder).length).toBe(2);
  await sweepDrafts(folder, written + 3_700_000);
  expect(readdirSync(folder)).toEqual(["manual-20260104T030000Z.dump"]);
  rmSync(folder, { recursive: true });
});

test("a restore needs room for a copy and the log on each server, and for the safety backup", () => {
  const gib = 1_073_741_824;
  const same = { restoredBytes: gib, replacedBytes: gib, servers: 1 };
  expect(lackOfSpace(same, 2.5 * gib)).toBeUndefined();
  expect(lackOfSpace(same, 2.5 * gib - 1)).toBe(
    "a restore needs 2.5 GiB beside the running database, 2.5 GiB are free",
  );
  // What a backup is for: the rows are gone, and today's database is small.
  expect(lackOfSpace({ restoredBytes: 10 * gib, replacedBytes: 0, servers: 1 }, 10 * gib)).toContain("needs 10.5 GiB");
  expect(lackOfSpace({ ...same, servers: 3 }, 5 * gib)).toContain("needs 5.5 GiB");
});
