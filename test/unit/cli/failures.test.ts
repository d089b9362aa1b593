import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { exitCodes } from "../../../cli/exit-codes.ts";
import { explain } from "../../../cli/errors/explain.ts";
import { FailureError } from "../../../cli/errors/failure.ts";
import { toFailure } from "../../../cli/errors/to-failure.ts";
import { errorObject, renderError } from "../../../cli/render/error.ts";
import { EngineError } from "../../../infra/engine/engine.ts";
import { EnvironmentError } from "../../../infra/environment/environment-error.ts";
import { HostError } from "../../../infra/local/host/host-error.ts";
import { OperationError } from "../../../infra/operation-error.ts";

const context = { environment: "demo", help: "shopctl scale apply --help" };

describe("the table of exit codes", () => {
  it("gives each meaning a number of its own, Pulumi's first", () => {
    const numbers = Object.values(exitCodes).map(({ exit }) => exit);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(
      (["ok", "configuration", "authentication", "deployment-failed", "policy", "no-such-environment"] as const).map(
        (name) => exitCodes[name].exit,
      ),
    ).toEqual([0, 2, 3, 4, 5, 6]);
    expect(
      (["unexpected-changes", "cancelled", "timeout", "insufficient-evidence", "gate-failed", "step-due"] as const).map(
        (name) => exitCodes[name].exit,
      ),
    ).toEqual([7, 8, 9, 10, 11, 12]);
  });
});

describe("what is thrown", () => {
  it.each<[string, unknown, number]>([
    ["an engine's lock", new EngineError("locked", "in use"), 13],
    ["a missing stack", new EngineError("no-such-stack", "none"), 6],
    ["a failed resource", new EngineError("resource-failed", "web-1 is not healthy"), 4],
    ["a full disk inside an engine", new EngineError("resource-failed", "write: ENOSPC: no space left on device"), 15],
    ["a taken port inside an engine", new EngineError("resource-failed", "listen EADDRINUSE 127.0.0.1:20001"), 14],
    ["a missing program inside an engine", new EngineError("resource-failed", "haproxy is not installed here"), 16],
    ["a wrong passphrase", new EngineError("configuration", "the passphrase is wrong"), 3],
    ["a bad project", new EngineError("configuration", "there is no project"), 2],
    ["torn state", new EngineError("state-corrupt", "not JSON"), 17],
    ["an unsupported feature", new EngineError("unsupported", "refresh"), 22],
    ["changes where none should be", new EngineError("unexpected-changes", "update web-1"), 7],
    ["an environment that exists", new EnvironmentError("exists", "there"), 20],
    ["ports that are all taken", new EnvironmentError("no-ports", "none free"), 14],
    ["an unknown backup", new OperationError("unknown-backup", "no backup x"), 23],
    ["an unknown mail", new OperationError("unknown-mail", "no mail x"), 23],
    ["backups outside the plan", new OperationError("backups-not-in-plan", "free plan"), 5],
    ["a missing program", new HostError("missing-component", "redis-server is not installed here"), 16],
    ["a file of no rights", Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" }), 3],
    ["a folder that is missing", fault("ENOENT", "no such file or directory, open '/nonexistent/r.html'"), 2],
    ["a file where a folder should be", fault("ENOTDIR", "not a directory, mkdir '/etc/passwd/x'"), 2],
    ["a read-only disk", fault("EROFS", "read-only file system, mkdir '/mnt/x'"), 2],
    ["a full disk", fault("ENOSPC", "no space left on device, write"), 15],
    ["a full quota", fault("EDQUOT", "disk quota exceeded, write"), 15],
    ["an oclif of a plugin", Object.assign(new Error("Command nope not found."), { oclif: { exit: 2 } }), 2],
    ["an account without a name", new HostError("missing-user", "this process runs as uid 4711"), 2],
    ["a socket that is missing", socketFault("connect ENOENT /run/x.sock"), 1],
    ["a file of the wrong shape", z.object({ a: z.string() }).safeParse({}).error, 2],
    ["a fault", new TypeError("x is not a function"), 1],
  ])("as %s ends with its exit code and a next command", (_what, thrown, exit) => {
    const explanation = explain(toFailure(thrown, context));
    expect(exitCodes[explanation.exit].exit).toBe(exit);
    expect(explanation.nextActions.length).toBeGreaterThan(0);
  });

  it("of a path says which one", () => {
    const explanation = explain(
      toFailure(fault("ENOENT", "no such file or directory, open '/nonexistent/r.html'"), context),
    );
    expect([explanation.message, explanation.why]).toEqual([
      "A file or folder cannot be used",
      ["ENOENT: no such file or directory, open '/nonexistent/r.html'"],
    ]);
  });

  it("as a failure stays what it is", () => {
    const failure = { code: "which-environment", known: ["a", "b"] } as const;
    expect(toFailure(new FailureError(failure), context)).toBe(failure);
  });
});

/** As node:fs throws it. */
function fault(code: string, message: string): Error {
  return Object.assign(new Error(`${code}: ${message}`), { code, syscall: "open", path: "/x" });
}

function socketFault(message: string): Error {
  return Object.assign(new Error(message), { code: "ENOENT", syscall: "connect", path: "/run/x.sock" });
}

describe("a deployment that failed its gate", () => {
  it("is tried again by the command that was run, with its build", () => {
    const { nextActions } = explain({
      code: "gate-failed",
      environment: "demo",
      step: "deploy-canary",
      direction: "apply",
      stage: "gate",
      reasons: ["canary-errors: 3, limit 0"],
      wayBack: "done",
      command: "deploy --env demo --build ../shop/dist --share 10 --window 30",
      record: "/x/rollouts/1.json",
    });
    expect(nextActions.at(-1)).toBe("shopctl deploy --env demo --build ../shop/dist --share 10 --window 30");
  });
});

describe("an environment that cannot be read any more", () => {
  const lastResort = "shopctl env destroy demo --force --confirm demo   (last resort: its data goes too)";

  it.each<[string, unknown]>([
    ["its state is torn", new EngineError("state-corrupt", "not JSON")],
    ["its passphrase is lost", new EngineError("configuration", "the passphrase file /x cannot be read")],
    [
      "its state is missing",
      new FailureError({ code: "state-missing", environment: "demo", sign: "it runs", backend: "file:///x" }),
    ],
  ])("because %s has a last resort, named last", (_why, thrown) => {
    expect(explain(toFailure(thrown, context)).nextActions.at(-1)).toBe(lastResort);
  });
});

describe("an error", () => {
  const explanation = explain({
    code: "locked",
    environment: "demo",
    holder: {
      pid: 4_711,
      startedAt: "2026-01-01T00:00:00.000Z",
      command: "scale apply --env demo --phase 1",
      alive: true,
    },
  });

  it("says to people what, why and the next command", () => {
    expect(stripVTControlCharacters(renderError(explanation))).toBe(
      [
        '✖ Another shopctl is at work on "demo"',
        "  why:  process 4711, since 2026-01-01T00:00:00.000Z: scale apply --env demo --phase 1",
        "  next: wait until it is done, then run the command again",
        "        shopctl scale status --env demo",
        "  (exit 13, locked)",
      ].join("\n"),
    );
  });

  it("is an object of a versioned schema to scripts", () => {
    expect(errorObject(explanation)).toEqual({
      schema: "shopctl.error/1",
      code: "locked",
      exitCode: 13,
      message: 'Another shopctl is at work on "demo"',
      why: ["process 4711, since 2026-01-01T00:00:00.000Z: scale apply --env demo --phase 1"],
      nextActions: ["wait until it is done, then run the command again", "shopctl scale status --env demo"],
    });
  });

  it("of a creation that went on and failed again names what failed and the ways on", () => {
    const cause = toFailure(new EnvironmentError("port-in-use", "port 20000 is taken"), context);
    const next = ["shopctl env create demo   (goes on)", "shopctl env destroy demo"];
    const left = explain({ code: "creation-left", environment: "demo", left: "of-earlier-run", cause, next });
    expect([left.exit, left.why, left.nextActions.slice(0, 2)]).toEqual([
      "port-in-use",
      ["port 20000 is taken", "what an earlier run made is left as it is"],
      next,
    ]);
  });

  it("of a creation that was taken away names no command that asks what is gone", () => {
    const cause = toFailure(new HostError("command-failed", "haproxy failed"), context);
    const next = ["shopctl env create demo --keep-failed   (leaves what fails, for `shopctl logs`)"];
    const gone = explain({ code: "creation-left", environment: "demo", left: "nothing", cause, next });
    expect([gone.exit, gone.why, gone.nextActions]).toEqual([
      "deployment-failed",
      ["haproxy failed", "what it made was taken away again"],
      next,
    ]);
  });

  it("of what another target has sends nobody to doctor, which knows nothing of it", () => {
    const failure = toFailure(new EnvironmentError("other-target", "an image is for environments on AWS"), context);
    expect(explain(failure)).toMatchObject({
      exit: "unsupported",
      message: "Not for an environment of this target",
      nextActions: ["shopctl env show --env demo", "shopctl env list"],
    });
  });

  it("of a blocked step gives the command that takes both steps", () => {
    const because = "the database restarts";
    const blocked = explain({
      code: "refused",
      environment: "demo",
      refusal: { kind: "blocked", step: "database-paid", by: [{ step: "connection-pooler", because }] },
    });
    expect([blocked.exit, blocked.nextActions]).toEqual([
      "policy",
      ["shopctl scale apply --env demo --step connection-pooler --step database-paid"],
    ]);
  });
});
