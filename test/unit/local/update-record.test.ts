import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { leftOpen, recordDeletion, recordingUpdate, settle } from "../../../infra/local/provider/update-record.ts";

let root: string;
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), "shopctl-record-"))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const urn = "urn:pulumi:demo::shopctl::shopctl:local:Redis::redis";
const state = (incarnation: string): Record<string, unknown> => ({
  paths: { run: join(root, "run"), root },
  port: 1,
  incarnation,
});

test("a state whose deletion began is not what runs, until something was made in its place", async () => {
  expect(await leftOpen(urn, state("a"))).toBeUndefined();
  await recordDeletion(urn, state("a"));
  expect(await leftOpen(urn, state("a"))).toBe("deletion");
  await recordingUpdate(urn, state("a"), () => Promise.resolve(state("a")));
  expect(await leftOpen(urn, state("a"))).toBeUndefined();
});

test("the deletion of a state that was replaced says nothing of the one that took its place", async () => {
  await recordDeletion(urn, state("a"));
  await settle(urn, state("b"));
  expect([await leftOpen(urn, state("a")), await leftOpen(urn, state("b"))]).toEqual(["deletion", undefined]);
});

test("what is made anew, and is no other state than the deleted one, is what runs", async () => {
  await recordDeletion(urn, state("a"));
  await settle(urn, state("a"));
  expect(await leftOpen(urn, state("a"))).toBeUndefined();
});

test("an update that ended nowhere is forgotten with the next creation, and not before", async () => {
  await expect(recordingUpdate(urn, state("a"), () => Promise.reject(new Error("cut off")))).rejects.toThrow("cut off");
  expect(await leftOpen(urn, state("a"))).toBe("update");
  await settle(urn, state("b"));
  expect(await leftOpen(urn, state("b"))).toBeUndefined();
});

test("a release, which knows only where releases are, has a record beside them", async () => {
  const release = { releases: join(root, "releases"), hash: "0123456789ab" };
  await recordDeletion(urn, release);
  expect(await leftOpen(urn, release)).toBe("deletion");
});
