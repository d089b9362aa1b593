import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, test } from "vitest";
import { nginxConfig } from "../../../infra/local/cdn/nginx-config.ts";
import { familyOf } from "../../../infra/local/host/process-identity.ts";
import { program } from "../../../infra/local/host/programs.ts";
import { freePorts } from "../../support/free-port.ts";
import { waitUntil } from "../../support/wait-until.ts";

test("the cache may open as many files as it takes connections, where a host's limit is 1,024", async () => {
  const folder = mkdtempSync(join(tmpdir(), "shopctl-nginx-"));
  for (const name of ["run", "cache"]) mkdirSync(join(folder, name));
  const [port = 0, originPort = 0, logPort = 0] = await freePorts(3);
  const config = nginxConfig({ port, originPort, logPort, run: join(folder, "run"), cache: join(folder, "cache") });
  const connections = Number(/worker_connections (\d+)/.exec(config)?.[1]);
  const file = join(folder, "nginx.conf");
  writeFileSync(file, config);
  const nginx = spawn("sh", ["-c", 'ulimit -S -n 1024; exec "$0" -e stderr -c "$1"', program("nginx"), file]);
  onTestFinished(async () => {
    const ended = once(nginx, "exit");
    nginx.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  const worker = await waitUntil("a worker", () => familyOf(nginx.pid ?? 0)[1]);
  const limits = (): string => readFileSync(`/proc/${worker}/limits`, "utf8");
  await waitUntil("its limit", () => Number(/^Max open files +(\d+)/m.exec(limits())?.[1]) > connections, 5_000);
});
