import { expect, test } from "vitest";
import { backupId, surplus } from "../../../infra/local/backup/backup-files.ts";
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

test("seven nightly and three safety backups are kept, and all that the operator made", () => {
  const all = [...files("nightly", 9), ...files("safety", 4), ...files("manual", 20)];
  expect(surplus(all).map((file) => file.id)).toEqual(["nightly-7", "nightly-8", "safety-3"]);
});
