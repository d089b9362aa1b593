import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { StateBackend } from "../../../infra/engine/embedded/state-backend.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "state-backend-"));
  vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 0, 1, 12) });
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(root, { recursive: true });
});

it("keeps the newest backups, in order, although the clock is set back", async () => {
  const stack = { project: "shopctl", stack: "shop", workDir: root, passphraseFile: join(root, "passphrase") };
  const backend = new StateBackend({ ...stack, backendUrl: pathToFileURL(root).href });
  for (let number = 1; number <= 60; number += 1) {
    if (number === 56) vi.setSystemTime(Date.UTC(2026, 0, 1, 11));
    await backend.save({ version: 3, deployment: { manifest: { time: `save ${number}`, magic: "", version: "" } } });
    await backend.backUp();
  }
  const { backups } = backend.paths;
  const kept = readdirSync(backups)
    .toSorted()
    .map((name) => /save (\d+)/.exec(readFileSync(join(backups, name), "utf8"))?.[1]);
  expect(kept).toEqual(Array.from({ length: 50 }, (_, index) => String(index + 11)));
});
