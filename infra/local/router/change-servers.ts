import { HostError } from "../host/host-error.ts";
import { poll } from "../host/poll.ts";
import type { RouterBackend } from "./router-config.ts";
import { serverArguments } from "./router-config.ts";
import type { LiveServer } from "./runtime-api.ts";
import { askRouter, liveServers } from "./runtime-api.ts";

export interface ServerChange {
  readonly socket: string;
  readonly backend: string;
  readonly wanted: readonly RouterBackend[];
  /** Time that a leaving server has for the requests it is working on, in ms. */
  readonly drainTimeoutMs: number;
  /** Called when the new servers take requests and before the old ones are drained: both sets work then. */
  readonly onBothServing: () => Promise<void>;
}

/** Checks run every 500 ms, and an instance was ready before it came here. */
const checkTimeoutMs = 10_000;
const deleteTimeoutMs = 10_000;

/**
 * Brings the running router to the wanted servers without losing a request: adds and checks the new ones, lets them
 * take requests, drains the others, and removes those when they have no request left. It starts from what the router
 * says, so it finishes what a killed run began. Throws HostError `not-ready` when a new server fails its checks; then
 * the servers are as before.
 */
export async function changeServers(change: ServerChange): Promise<void> {
  const present = await liveServers(change.socket, change.backend);
  const awaited = change.wanted.filter((backend) => !isServing(find(present, backend)));
  // One that is being drained, by a run that was killed, may still be at work on requests: it is kept.
  const added = awaited.filter((backend) => !isKept(find(present, backend)));
  try {
    for (const backend of added) await add(change, backend, present);
    for (const { name } of awaited) await command(change.socket, `enable health ${change.backend}/${name}`);
    await waitForChecks(change, awaited);
  } catch (error) {
    for (const backend of added) await remove(change, backend.name).catch(() => undefined);
    throw error;
  }
  for (const { name } of awaited) await command(change.socket, `set server ${change.backend}/${name} state ready`);
  await change.onBothServing();
  const leaving = present.filter((server) => !change.wanted.some((backend) => backend.name === server.name));
  for (const server of leaving) await command(change.socket, `set server ${change.backend}/${server.name} state drain`);
  await drained(change, leaving);
  for (const server of leaving) await remove(change, server.name);
}

type Place = Pick<ServerChange, "socket" | "backend">;

function find(present: readonly LiveServer[], backend: RouterBackend): LiveServer | undefined {
  return present.find((server) => server.name === backend.name && server.httpPort === backend.httpPort);
}

function isServing(server: LiveServer | undefined): boolean {
  return server?.status === "UP" || server?.status === "no";
}

/** Any but one out of service: that one is half-added or half-removed. */
function isKept(server: LiveServer | undefined): boolean {
  return server !== undefined && server.status !== "MAINT";
}

/** In drain state a server is checked but gets no request: by itself HAProxy would take it for healthy before the first check. */
async function add(change: Place, backend: RouterBackend, present: readonly LiveServer[]): Promise<void> {
  const { socket } = change;
  const name = `${change.backend}/${backend.name}`;
  if (present.some((server) => server.name === backend.name)) await remove(change, backend.name);
  const answer = await askRouter(socket, `add server ${name} ${serverArguments(backend)}`);
  if (!answer.includes("registered"))
    throw new HostError("command-failed", `the router does not take ${name}: ${answer}`);
  await command(socket, `set server ${name} state drain`);
}

async function waitForChecks({ socket, backend: name }: Place, added: readonly RouterBackend[]): Promise<void> {
  if (added.length === 0) return;
  const healthy = await poll(
    async () => {
      const servers = await liveServers(socket, name);
      return (
        added.every((backend) => servers.find((server) => server.name === backend.name)?.check === "L7OK") || undefined
      );
    },
    { timeoutMs: checkTimeoutMs, intervalMs: 50 },
  );
  if (healthy === undefined) {
    const names = added.map((backend) => backend.name).join(", ");
    throw new HostError(
      "not-ready",
      `the router's health checks of ${names} did not pass within ${checkTimeoutMs / 1_000} s; it still routes as before`,
    );
  }
}

/** Waits until nobody works on a request any more, or the time is over: then what is left is cut off. */
async function drained(change: ServerChange, leaving: readonly LiveServer[]): Promise<void> {
  if (leaving.length === 0) return;
  await poll(
    async () => {
      const servers = await liveServers(change.socket, change.backend);
      const busy = servers.filter(
        (server) => server.sessions > 0 && leaving.some((other) => other.name === server.name),
      );
      return busy.length === 0 || undefined;
    },
    { timeoutMs: change.drainTimeoutMs, intervalMs: 25 },
  );
}

async function remove({ socket, backend }: Place, server: string): Promise<void> {
  const name = `${backend}/${server}`;
  await command(socket, `set server ${name} state maint`);
  // Idle connections to it are closed only a moment after it is out of service.
  const gone = await poll(
    async () => {
      const answer = await askRouter(socket, `del server ${name}`);
      return /deleted|No such server/i.test(answer) || undefined;
    },
    { timeoutMs: deleteTimeoutMs, intervalMs: 50 },
  );
  if (gone !== undefined) return;
  await command(socket, `shutdown sessions server ${name}`);
  const answer = await askRouter(socket, `del server ${name}`);
  if (!/deleted|No such server/i.test(answer))
    throw new HostError("command-failed", `the router does not let go of ${name}: ${answer}`);
}

/** Commands that change something answer nothing when they worked. */
async function command(socket: string, text: string): Promise<void> {
  const answer = await askRouter(socket, text);
  if (answer !== "" && !/No such server/i.test(answer))
    throw new HostError("command-failed", `the router refused \`${text}\`: ${answer}`);
}
