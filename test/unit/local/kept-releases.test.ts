import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keepRelease } from "../../../infra/local/release/kept-releases.ts";

let releases = "";
beforeEach(() => (releases = mkdtempSync(join(tmpdir(), "kept-releases-"))));
afterEach(() => rmSync(releases, { recursive: true }));

test("the release that ran last stays although the clock was set back since the others were kept", async () => {
  for (const name of ["first", "second", "third"]) mkdirSync(join(releases, name));
  const hourAhead = Date.now() / 1_000 + 3_600;
  for (const [index, name] of ["first", "second"].entries()) {
    await keepRelease(releases, name, 2);
    utimesSync(join(releases, `.kept-${name}`), hourAhead + index, hourAhead + index);
  }
  await keepRelease(releases, "third", 2);
  expect(readdirSync(releases).toSorted()).toEqual([".kept-second", ".kept-third", "second", "third"]);
  mkdirSync(join(releases, "fourth"));
  await keepRelease(releases, "second", 2);
  await keepRelease(releases, "fourth", 2);
  expect(readdirSync(releases).toSorted()).toEqual([".kept-fourth", ".kept-second", "fourth", "second"]);
});
