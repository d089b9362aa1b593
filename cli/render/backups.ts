import type { BackupFile } from "../../infra/local/backup/backup-files.ts";
import type { Restoration } from "../../infra/local/operations/backups.ts";
import { columns } from "./columns.ts";
import { bytes, localTime } from "./numbers.ts";
import { style } from "./style.ts";

/** `backup list` for people. */
export function renderBackups(backups: readonly BackupFile[], environment: string): string {
  if (backups.length === 0) {
    return `There is no backup yet.\n${style.dim(`next: shopctl backup create --env ${environment}`)}`;
  }
  const head = ["BACKUP", "KIND", "TIME", "SIZE"].map((text) => style.dim(text));
  return columns([head, ...backups.map(({ id, kind, at, sizeBytes }) => [id, kind, localTime(at), bytes(sizeBytes)])]);
}

/** What a restoration changed. */
export function renderRestoration({
  restored,
  safetyBackup,
  changes,
  settled,
}: Restoration & { readonly settled: readonly string[] }): string {
  const rows = changes.map(({ table, rowsBefore, rowsAfter }) => [`  ${table}`, `${rowsBefore} → ${rowsAfter} rows`]);
  return [
    `restored ${restored.id}; what was there before is in ${safetyBackup.id}`,
    rows.length === 0 ? "  no table has another number of rows" : columns(rows),
    ...settled.map((what) => `  brought where the stack has it: ${what}`),
  ].join("\n");
}
