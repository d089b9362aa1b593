import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { accountName } from "../../../infra/engine/account-name.ts";
import { currentUser } from "../../../infra/local/host/os-users.ts";

const nobodys = 54_321;

it("the account of this process has a name", () => {
  expect(currentUser()).toMatchObject({ name: accountName(), uid: process.getuid?.() });
});

it.runIf(process.getuid?.() === 0)("a uid that no account has is said to be one, and still has a name to read", () => {
  const program = `
    const { currentUser } = await import(${JSON.stringify(join(import.meta.dirname, "../../../infra/local/host/os-users.ts"))});
    const { accountName } = await import(${JSON.stringify(join(import.meta.dirname, "../../../infra/engine/account-name.ts"))});
    process.setuid(${nobodys}); // Only now: sources may lie where nobody else may look.
    try { currentUser(); } catch ({ code, message }) { console.log(JSON.stringify({ code, message, name: accountName() })); }`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
    encoding: "utf8",
  });
  expect([JSON.parse(stdout === "" ? "{}" : stdout), stderr]).toEqual([
    { code: "missing-user", message: expect.stringContaining(`uid ${nobodys}`), name: `uid ${nobodys}` },
    expect.any(String),
  ]);
});
