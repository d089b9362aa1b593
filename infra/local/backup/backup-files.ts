import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

export type BackupKind = "nightly" | "manual" | "safety";

export interface BackupFile {
  /** Kind and time, e.g. `nightly-20260104T030000Z`. */
  readonly id: string;
  readonly kind: BackupKind;
  /** Time that its snapshot was taken, ISO 8601. */
  readonly at: string;
  readonly sizeBytes: number;
}

/** How many of each kind are kept; the operator's own are never removed. */
const kept: Record<BackupKind, number> = { nightly: 7, safety: 3, manual: Number.POSITIVE_INFINITY };

const fileName = /^((nightly|manual|safety)-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z)\.dump$/;

export function backupId(kind: BackupKind, at: Date): string {
  return `${kind}-${at.toISOString().replaceAll(/[-:]|\.\d+/g, "")}`;
}

export function backupPath(folder: string, id: string): string {
  return join(folder, `${id}.dump`);
}

/** Finished backups, newest first. Unfinished ones have another name. */
export async function findBackups(folder: string): Promise<readonly BackupFile[]> {
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(names.map((name) => describe(folder, name)));
  return files.filter((file) => file !== undefined).toSorted((a, b) => (a.at === b.at ? 0 : a.at < b.at ? 1 : -1));
}

/** The backups that are one too many. */
export function surplus(files: readonly BackupFile[]): readonly BackupFile[] {
  return files.filter((file) => files.filter((other) => other.kind === file.kind).indexOf(file) >= kept[file.kind]);
}

async function describe(folder: string, name: string): Promise<BackupFile | undefined> {
  const [, id, kind, year, month, day, hour, minute, second] = fileName.exec(name) ?? [];
  if (id === undefined || !isKind(kind)) return undefined;
  const { size } = await stat(join(folder, name));
  return { id, kind, at: `${year}-${month}-${day}T${hour}:${minute}:${second}Z`, sizeBytes: size };
}

function isKind(text: string | undefined): text is BackupKind {
  return text !== undefined && text in kept;
}
