import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

const backupKinds = ["nightly", "manual", "safety"] as const;
export type BackupKind = (typeof backupKinds)[number];

export interface BackupFile {
  /** Kind and time, e.g. `nightly-20260104T030000Z`. */
  readonly id: string;
  readonly kind: BackupKind;
  /** Time that its snapshot was taken, ISO 8601. */
  readonly at: string;
  readonly sizeBytes: number;
}

/** How many nightly ones are kept. */
const keptNightly = 7;
/** A safety backup may be the only copy of what a restore put aside: how many there are is no reason to remove one. */
const safetyKeptMs = 30 * 86_400_000;

const draftEnding = ".partial";
const draftKeptMs = 3_600_000;

const fileName = /^((nightly|manual|safety)-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z)\.dump$/;

export function backupId(kind: BackupKind, at: Date): string {
  return `${kind}-${at.toISOString().replaceAll(/[-:]|\.\d+/g, "")}`;
}

export function backupPath(folder: string, id: string): string {
  return join(folder, `${id}.dump`);
}

/** Where a dump is written until it is whole. */
export function draftPath(folder: string, id: string): string {
  return `${backupPath(folder, id)}${draftEnding}`;
}

/** Finished backups, newest first. Unfinished ones have another name. */
export async function findBackups(folder: string): Promise<readonly BackupFile[]> {
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(names.map((name) => describe(folder, name)));
  return files.filter((file) => file !== undefined).toSorted((a, b) => (a.at === b.at ? 0 : a.at < b.at ? 1 : -1));
}

/** The backups that are too many or too old; the operator's own never are. */
export function surplus(files: readonly BackupFile[], nowMs: number): readonly BackupFile[] {
  const nightly = files.filter((file) => file.kind === "nightly");
  const oldSafety = files.filter((file) => file.kind === "safety" && Date.parse(file.at) < nowMs - safetyKeptMs);
  return [...nightly.slice(keptNightly), ...oldSafety];
}

/** Removes what a dump that was killed left; one that is at work writes its file all the time. */
export async function sweepDrafts(folder: string, nowMs: number): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    if (!name.endsWith(draftEnding)) continue;
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && found.mtimeMs < nowMs - draftKeptMs) await rm(path, { force: true });
  }
}

async function describe(folder: string, name: string): Promise<BackupFile | undefined> {
  const [, id, kind, year, month, day, hour, minute, second] = fileName.exec(name) ?? [];
  if (id === undefined || !isKind(kind)) return undefined;
  const { size } = await stat(join(folder, name));
  return { id, kind, at: `${year}-${month}-${day}T${hour}:${minute}:${second}Z`, sizeBytes: size };
}

function isKind(text: string | undefined): text is BackupKind {
  return backupKinds.some((kind) => kind === text);
}
