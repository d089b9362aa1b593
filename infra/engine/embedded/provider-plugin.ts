import { readFile } from "node:fs/promises";
import { join } from "node:path";
import grpc from "@grpc/grpc-js";
import provrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { EngineError } from "../engine.ts";
import type { ProviderPlugin } from "../project-files.ts";
import { childEnvironment, NodeChild } from "./child-process.ts";
import { toProviderError } from "./provider-error.ts";

/** Sends one request by the generated client and has the answer go to `reply`. */
type Send<Response> = (
  client: provrpc.ResourceProviderClient,
  reply: (error: grpc.ServiceError | null, response: Response) => void,
) => unknown;

const startTimeoutMs = 30_000;
/** As Pulumi: 400 MB. */
const maxMessageBytes = 400 * 1_024 * 1_024;

/** A running provider plugin: its process and a client to it. */
export class PluginProcess {
  readonly child: NodeChild;
  readonly client: provrpc.ResourceProviderClient;
  readonly name: string;
  #dead = false;

  private constructor(name: string, child: NodeChild, client: provrpc.ResourceProviderClient) {
    this.name = name;
    this.child = child;
    this.client = client;
    void child.exited.then(() => (this.#dead = true));
  }

  /** Starts `node <main of the plugin> <engine address>` and waits for its port. */
  static async start(
    plugin: ProviderPlugin,
    options: {
      readonly engineAddress: string;
      readonly onLine: (line: string) => void;
      readonly onChild: (child: NodeChild) => Promise<void>;
    },
  ): Promise<PluginProcess> {
    const main = await mainOf(plugin);
    let onPort: (port: number) => void = () => undefined;
    const port = new Promise<number>((resolve) => (onPort = resolve));
    const lastLines: string[] = [];
    const child = new NodeChild({
      args: [main, options.engineAddress],
      cwd: plugin.path,
      env: childEnvironment({}),
      onLine: (line, stream) => {
        // The first line of a plugin is its port, by Pulumi's convention.
        if (stream === "stdout" && /^\d+$/.test(line)) return onPort(Number(line));
        lastLines.push(line);
        if (lastLines.length > 20) lastLines.shift();
        options.onLine(line);
      },
    });
    await options.onChild(child);
    const address = `127.0.0.1:${await firstPort(plugin, child, port, lastLines)}`;
    const client = new provrpc.ResourceProviderClient(address, grpc.credentials.createInsecure(), {
      "grpc.max_receive_message_length": maxMessageBytes,
      "grpc.max_send_message_length": maxMessageBytes,
      "grpc.enable_http_proxy": 0,
    });
    return new PluginProcess(plugin.name, child, client);
  }

  /** One call; throws ProviderError. */
  async call<Response>(send: Send<Response>): Promise<Response> {
    return await new Promise((resolve, reject) => {
      send(this.client, (error, response) => {
        if (error === null) resolve(response);
        else reject(toProviderError(error, this.#dead));
      });
    });
  }

  /** One call that a provider need not have; undefined when it has not. */
  async callIfThere<Response>(send: Send<Response>): Promise<Response | undefined> {
    return await new Promise((resolve, reject) => {
      send(this.client, (error, response) => {
        if (error === null) resolve(response);
        else if (error.code === grpc.status.UNIMPLEMENTED) resolve(undefined);
        else reject(toProviderError(error, this.#dead));
      });
    });
  }

  async end(): Promise<void> {
    this.client.close();
    await this.child.end();
  }
}

async function firstPort(
  plugin: ProviderPlugin,
  child: NodeChild,
  port: Promise<number>,
  lastLines: readonly string[],
): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => (timer = setTimeout(() => resolve("late"), startTimeoutMs)));
  const first = await Promise.race([port, child.exited.then(() => "ended" as const), late]);
  clearTimeout(timer);
  if (typeof first === "number") return first;
  await child.end(0);
  const why = first === "late" ? `gave no port within ${startTimeoutMs / 1_000} s` : "ended at its start";
  throw new EngineError(
    "configuration",
    `the provider plugin ${plugin.name} (${plugin.path}) ${why}\n${lastLines.join("\n")}`,
  );
}

async function mainOf(plugin: ProviderPlugin): Promise<string> {
  try {
    const manifest = JSON.parse(await readFile(join(plugin.path, "package.json"), "utf8")) as { main?: string };
    return join(plugin.path, manifest.main ?? "index.js");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return join(plugin.path, "index.js");
    throw new EngineError("configuration", `the provider plugin ${plugin.name} has no readable package.json`, {
      cause: error,
    });
  }
}
