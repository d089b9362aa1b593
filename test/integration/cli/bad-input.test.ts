import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createEnvironment } from "../../../infra/environment/store.ts";
import { ShopctlHome, type Outcome } from "./shopctl.ts";

/** Mount namespaces let a test take a program or a disk away from one command without touching the machine. */
const canHide = spawnSync("unshare", ["--mount", "true"]).status === 0;

describe("bad input", { timeout: 60_000 }, () => {
  const home = new ShopctlHome();
  afterAll(() => home.end());

  it("of no kind needs an environment to be said", async () => {
    expect(said(await home.run("scale", "status"))).toEqual([
      6,
      "no-such-environment",
      "There is no environment yet",
      "shopctl env create demo",
    ]);
  });

  it("names an environment that does not exist", async () => {
    expect(said(await home.run("scale", "status", "--env", "nope"))).toEqual([
      6,
      "no-such-environment",
      'No environment "nope"',
      "shopctl env list",
    ]);
  });

  it("is a name that no environment can have", async () => {
    const { exit, json } = await home.run("env", "create", "No_Such_Name");
    expect([exit, json["code"], json["why"]]).toEqual([
      2,
      "configuration",
      [expect.stringContaining("1 to 20 lower-case letters")],
    ]);
  });

  it("is a topology with a field that does not exist, or a value that it cannot have", async () => {
    const file = join(home.folder, "topology.yaml");
    writeFileSync(file, "tier: enormous\ncopies: 3\n");
    const { exit, json } = await home.run("env", "create", "bad", "--topology", file);
    expect([exit, json["code"], json["message"]]).toEqual([2, "configuration", `${file} is not a topology`]);
    expect((json["why"] as string[]).join("\n")).toMatch(/tier[\s\S]*copies|copies[\s\S]*tier/);
    expect(existsSync(join(home.folder, "environments", "bad"))).toBe(false);
  });

  it("is a topology that cannot run, because what it needs is not in it", async () => {
    const file = join(home.folder, "unrunnable.yaml");
    writeFileSync(file, "pooler: pgbouncer\ndatabase: paid\nreplicas: 1\n");
    const { exit, json } = await home.run("env", "create", "bad", "--topology", file);
    expect([exit, json["code"], json["why"]]).toEqual([
      2,
      "configuration",
      [expect.stringMatching(/^read-replicas needs cache-redis: /)],
    ]);
    expect(existsSync(join(home.folder, "environments", "bad"))).toBe(false);
  });

  it("is a command, a flag or a missing argument, and the answer names what is near", async () => {
    expect(said(await home.run("scale", "aply"))).toEqual([
      2,
      "configuration",
      '"scale aply" is not a shopctl command',
      "shopctl scale apply --help",
    ]);
    expect(said(await home.run("scale", "apply", "--hurry"))).toEqual([
      2,
      "configuration",
      "Nonexistent flag: --hurry",
      "shopctl scale apply --help",
    ]);
    expect(said(await home.run("env", "create"))[0]).toBe(2);
  });

  it("is what only AWS has for an environment of this machine; nothing is made", async () => {
    const { exit, json } = await home.run("env", "create", "here", "--region", "eu-central-1", "--dry-run");
    expect([exit, json["message"]]).toEqual([2, "--dry-run, --region are for --target aws"]);
    const budget = await home.run("env", "create", "here", "--budget", "300");
    expect([budget.exit, budget.json["message"]]).toEqual([2, "--budget is for --target aws"]);
    expect(existsSync(join(home.folder, "environments", "here"))).toBe(false);
  });

  it("is a home with a character that some component would misread", async () => {
    const folder = join(home.folder, "it's");
    const { exit, json } = await home.runWith({ SHOPCTL_HOME: folder }, "env", "create", "quoted");
    expect([exit, json["code"], json["why"]]).toEqual([
      2,
      "configuration",
      [expect.stringContaining(`has ' in it, which components of the shop would misread`)],
    ]);
    const doctor = await home.runWith({ SHOPCTL_HOME: folder }, "doctor");
    const found = (doctor.json["findings"] as { what: string; found: string }[]).find(
      ({ what }) => what === "state folder",
    );
    expect([doctor.exit, found?.found]).toEqual([16, `${folder} has ' in it`]);
  });

  it("is an engine that there is not, which doctor names", async () => {
    const { exit, json } = await home.runWith({ SHOPCTL_ENGINE: "steam" }, "doctor");
    const engine = (json["findings"] as { what: string; found: string }[]).find(({ what }) => what === "engine");
    expect([exit, engine?.found]).toEqual([16, "SHOPCTL_ENGINE is steam; it takes auto, pulumi or embedded"]);
  });

  it("is a port that somebody else took between an environment's plan and its start; nothing is begun", async () => {
    const environment = await createEnvironment({ name: "ports", home: home.folder });
    const server = createServer().listen(environment.ports.router, "127.0.0.1");
    try {
      const { exit, json } = await home.run("env", "create", "ports");
      expect([exit, json["code"], json["why"]]).toEqual([
        14,
        "port-in-use",
        [expect.stringContaining(`127.0.0.1:${environment.ports.router}`), "what an earlier run made is left as it is"],
      ]);
      expect((json["nextActions"] as string[]).slice(0, 2)).toEqual([
        "shopctl env create ports   (goes on)",
        "shopctl env destroy ports",
      ]);
      expect(readdirSync(join(home.folder, "environments"))).toContain("ports");
      expect(said(await home.run("mail", "retry", "123", "--env", "ports"))).toEqual([
        2,
        "configuration",
        '"123" is not the id of a mail',
        "shopctl mail failed --env ports",
      ]);
    } finally {
      server.close();
    }
    expect(home.processes()).toEqual([]);
  });

  it("is a name that somebody else's environment has in a shared backend; that one is not touched", async () => {
    const state = join(home.folder, "state/.pulumi/stacks/shopctl/shared.json");
    const resource = {
      urn: "urn:pulumi:shared::shopctl::pulumi:pulumi:Stack::shopctl-shared",
      type: "pulumi:pulumi:Stack",
    };
    mkdirSync(join(state, ".."), { recursive: true });
    const latest = {
      manifest: { time: "2026-01-01T00:00:00Z", magic: "", version: "" },
      resources: [{ ...resource, custom: false }],
    };
    const content = JSON.stringify({ version: 3, checkpoint: { stack: "organization/shopctl/shared", latest } });
    writeFileSync(state, content);
    const { exit, json } = await home.run("env", "create", "shared");
    expect([exit, json["message"]]).toEqual([5, 'The state backend has a stack "shared" that is not of this home']);
    expect(readdirSync(join(home.folder, "environments"))).not.toContain("shared");
    expect(readFileSync(state, "utf8")).toBe(content);
  });

  it.runIf(canHide)("is a component that is not installed, with the command that installs it", () => {
    const hidden = "mount --bind /dev/null /usr/sbin/haproxy";
    const { exit, json } = inNamespace(home, hidden, "env create missing");
    expect([exit, json["code"], json["message"], json["nextActions"]]).toEqual([
      16,
      "component-missing",
      "Not installed: haproxy",
      ["sudo apt-get install haproxy", "shopctl doctor"],
    ]);
    expect(inNamespace(home, hidden, "doctor").exit).toBe(16);
  });

  it.runIf(canHide)("is a component that does not start; what was made is gone, and so no command asks it", () => {
    const broken = `mount --bind /bin/false /usr/sbin/haproxy`;
    const { exit, json } = inNamespace(home, broken, "env create broken");
    expect([exit, json["code"], json["nextActions"]]).toEqual([
      4,
      "deployment-failed",
      ["shopctl env create broken --keep-failed   (leaves what fails, for `shopctl logs`)"],
    ]);
    expect((json["why"] as string[]).at(-1)).toBe("what it made was taken away again");
    expect(readdirSync(join(home.folder, "environments"))).not.toContain("broken");
  });

  it.runIf(canHide)("is a disk with too little space; nothing is left on it", () => {
    const small = `mount -t tmpfs -o size=100m,mode=755 tmpfs ${home.folder}`;
    const { exit, json } = inNamespace(home, small, "env create full");
    expect([exit, json["code"], json["why"]]).toEqual([15, "no-disk", [expect.stringContaining("0.1 GiB free")]]);
    expect(readdirSync(join(home.folder, "environments"))).not.toContain("full");
  });
});

function said({ exit, json }: Outcome): readonly unknown[] {
  return [exit, json["code"], json["message"], (json["nextActions"] as string[] | undefined)?.[0]];
}

/** Runs shopctl on a machine that looks different to it alone. */
function inNamespace(home: ShopctlHome, mount: string, command: string): Pick<Outcome, "exit" | "json"> {
  const shopctl = join(import.meta.dirname, "../../../bin/shopctl");
  const script = `${mount} && exec "${shopctl}" ${command} --json`;
  try {
    const stdout = execFileSync("unshare", ["--mount", "sh", "-c", script], { env: home.env(), stdio: "pipe" });
    return { exit: 0, json: JSON.parse(stdout.toString()) as Record<string, unknown> };
  } catch (error) {
    const failed = error as { status: number; stdout: Buffer };
    return { exit: failed.status, json: JSON.parse(failed.stdout.toString()) as Record<string, unknown> };
  }
}
