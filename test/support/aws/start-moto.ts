import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { startChild } from "../child.ts";
import { freePort } from "../free-port.ts";
import { waitUntil } from "../wait-until.ts";

const root = join(import.meta.dirname, "..", "..", "..");

/** An emulator of AWS that knows nothing yet. */
export interface Moto {
  /** What `AWS_ENDPOINT_URL` is to be. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts moto's server on 127.0.0.1; it is brought first where the test set-up has not. Its workspaces of Managed Prometheus
 * name `prometheusUrl` as their address.
 */
export async function startMoto(prometheusUrl: string): Promise<Moto> {
  execFileSync(join(root, "scripts", "setup-python-tool.sh"), ["moto"], { stdio: "inherit" });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = startChild(
    join(root, ".moto", "bin", "python"),
    [join(import.meta.dirname, "moto-server.py"), "-H", "127.0.0.1", "-p", String(port)],
    {
      env: {
        ...process.env,
        REHEARSAL_PROMETHEUS: prometheusUrl,
        // Machine images are a second of reading that nobody needs here; AWS' own policies are needed.
        MOTO_EC2_LOAD_DEFAULT_AMIS: "false",
        MOTO_IAM_LOAD_MANAGED_POLICIES: "true",
        MOTO_ACM_VALIDATION_WAIT: "0",
      },
    },
  );
  await waitUntil("moto to answer", async () => (await fetch(`${url}/moto-api/`)).ok, 60_000);
  await keepTasks(url);
  return { url, stop: async () => void (await server.stop()) };
}

/** A task runs until it is stopped; else it would end over five looks at it: https://docs.getmoto.org/en/latest/docs/configuration/state_transition/ */
async function keepTasks(url: string): Promise<void> {
  const answer = await fetch(`${url}/moto-api/state-manager/set-transition`, {
    method: "POST",
    body: JSON.stringify({ model_name: "ecs::task", transition: { progression: "manual", times: 1_000_000_000 } }),
  });
  if (!answer.ok) throw new Error(`moto keeps its transitions: ${answer.status}`);
}
