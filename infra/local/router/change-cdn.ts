import { HostError } from "../host/host-error.ts";
import { poll } from "../host/poll.ts";
import { cdnBackend, cdnServer } from "./cdn-section.ts";
import { askRouter, liveServers, type LiveServer } from "./runtime-api.ts";

const checkTimeoutMs = 10_000;

/**
 * Lets the running router send by way of the CDN, or past it again, and returns when it does; requests that are on their
 * way through it are answered first. Throws HostError `not-ready` when the cache's checks do not pass; then requests go
 * past it.
 */
export async function changeCdn(socket: string, inUse: boolean, drainTimeoutMs: number): Promise<void> {
  const before = await cdnState(socket);
  if (inUse && before?.status !== "UP") {
    await set(socket, "ready");
    const up = await poll(async () => (await cdnState(socket))?.status === "UP" || undefined, {
      timeoutMs: checkTimeoutMs,
      intervalMs: 50,
    });
    if (up !== undefined) return;
    await set(socket, "maint");
    throw new HostError("not-ready", "the router's health checks of the CDN did not pass; it still routes past it");
  }
  if (inUse) return;
  await set(socket, "maint");
  await poll(async () => (await cdnState(socket))?.sessions === 0 || undefined, {
    timeoutMs: drainTimeoutMs,
    intervalMs: 25,
  });
}

/** The cache's server as the router sees it now; undefined in a router that knows no CDN. */
export async function cdnState(socket: string): Promise<LiveServer | undefined> {
  return (await liveServers(socket, cdnBackend)).find(({ name }) => name === cdnServer);
}

async function set(socket: string, state: "ready" | "maint"): Promise<void> {
  const answer = await askRouter(socket, `set server ${cdnBackend}/${cdnServer} state ${state}`);
  if (answer !== "") throw new HostError("command-failed", `the router does not set the CDN ${state}: ${answer}`);
}
