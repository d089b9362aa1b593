import { join } from "node:path";
import { internalRoutes } from "../../service/contract/routes.ts";
import { startChild, type Child } from "./child.ts";
import { freePort } from "./free-port.ts";
import { readMetric } from "./shop.ts";
import { waitUntil } from "./wait-until.ts";

const program = join(import.meta.dirname, "..", "..", "service", "worker.ts");
/** A busy machine takes its time to start a process. */
const startTimeoutMs = 60_000;

/** A mail worker in a process of its own, started as in production. */
export interface TestMailWorker {
  readonly internalUrl: string;
  readonly child: Child;
  metric(series: string): Promise<number | undefined>;
  ready(): Promise<boolean>;
  stop(): Promise<number | string>;
}

/** Starts a worker; it is on its way when this returns, `ready` says when it has arrived. */
export async function startMailWorker(env: Record<string, string>): Promise<TestMailWorker> {
  const port = await freePort();
  const child = startChild(process.execPath, [program], {
    env: {
      ...process.env,
      SHOP_INSTANCE: "mail-worker-test",
      SHOP_RELEASE: "test",
      SHOP_INTERNAL_PORT: `${port}`,
      SHOP_MAIL_FROM: "shop@example.test",
      // The shortest that a worker takes, so that a test need not wait a minute for a dead one.
      SHOP_MAIL_LEASE_MS: "6000",
      SHOP_MAIL_BACKOFF_MS: "50",
      ...env,
    },
  });
  const internalUrl = `http://127.0.0.1:${port}`;
  return {
    internalUrl,
    child,
    metric: async (series) => readMetric(await (await fetch(internalUrl + internalRoutes.metrics)).text(), series),
    ready: () =>
      fetch(internalUrl + internalRoutes.ready).then(
        ({ ok }) => ok,
        () => false,
      ),
    stop: () => child.stop(),
  };
}

/** As `startMailWorker`, and waits until it delivers. */
export async function startReadyMailWorker(env: Record<string, string>): Promise<TestMailWorker> {
  const worker = await startMailWorker(env);
  await waitUntil("the mail worker", () => worker.ready(), startTimeoutMs).catch(async (error: unknown) => {
    await worker.child.stop("SIGKILL");
    throw new Error(`the mail worker did not start: ${worker.child.output()}`, { cause: error });
  });
  return worker;
}
