import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Aws } from "./aws-access.ts";
import { startWorkspace, type Workspace } from "./prometheus-workspace.ts";

const address = /^\/workspaces\/([^/]+)\//;

/**
 * Amazon Managed Prometheus at one address of this machine: for each workspace a real Prometheus and a real Alertmanager, under
 * the paths that AWS has, for signed requests only. They start when somebody asks.
 * https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-APIReference-Prometheus-Compatible-Apis.html
 */
export class ManagedPrometheus {
  readonly #server: Server;
  readonly #workspaces = new Map<string, Promise<Workspace>>();
  #start: ((id: string) => Promise<Workspace>) | undefined;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => response.writeHead(502).end(String(error)));
    });
  }

  static async listen(): Promise<ManagedPrometheus> {
    const listening = new ManagedPrometheus();
    await new Promise<void>((done) => listening.#server.listen(0, "127.0.0.1", done));
    return listening;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Stands for the workspaces of an account, whose tasks show the metrics of this address. */
  serve(of: Aws, metricsAddress: string): void {
    this.#start = async (id) => await startWorkspace(of, { id, metricsAddress });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
    for (const workspace of await Promise.allSettled(this.#workspaces.values()))
      if (workspace.status === "fulfilled") await workspace.value.stop();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, id] = address.exec(request.url ?? "") ?? [];
    const signed = request.headers.authorization?.startsWith("AWS4-HMAC-SHA256 ") === true;
    if (id === undefined || this.#start === undefined || !signed) {
      response.writeHead(signed ? 404 : 403).end();
      return;
    }
    const known = this.#workspaces.get(id) ?? this.#start(id);
    this.#workspaces.set(id, known);
    const workspace = await known;
    await workspace.watchTasks();
    const port = workspace.portOf(request.url ?? "");
    const { method, headers, url: path } = request;
    const sent = forward({ host: "127.0.0.1", port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    sent.once("error", (error) => response.writeHead(502).end(error.message));
    request.pipe(sent);
  }
}
