import type { Dispatcher } from "undici";
import type { Action } from "./mix.ts";
import type { ShopRequest } from "./requests.ts";
import type { Outcome } from "./tally.ts";

/** How a request ended, and what there is to say about it. */
export interface Ending {
  readonly outcome: Outcome;
  /** From the scheduled start. */
  readonly latencyMs: number;
  /** Status or error, e.g. `503` or `ECONNRESET`. */
  readonly detail: string;
  /** The body of a login's answer. */
  readonly body: string;
}

const expectedStatus: Readonly<Record<Action, number>> = {
  login: 200,
  search: 200,
  productList: 200,
  productDetail: 200,
  ownOrders: 200,
  placeOrder: 201,
};

/**
 * One request and its answer. Ends exactly once, whichever comes first: the whole answer, an error, or `giveUp`. It is
 * undici's handler itself, which saves an object and a promise for each request.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly request: ShopRequest;
  /** `performance.now()` at which the shopper wanted it sent. */
  readonly scheduledAt: number;
  readonly #onEnd: (exchange: Exchange, ending: Ending) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #body = "";
  #ended = false;

  constructor(request: ShopRequest, scheduledAt: number, onEnd: (exchange: Exchange, ending: Ending) => void) {
    this.request = request;
    this.scheduledAt = scheduledAt;
    this.#onEnd = onEnd;
  }

  /** Ends it from the outside, as a timeout or because the driver stops. */
  giveUp(outcome: "timeout" | "abandoned"): void {
    this.#end(outcome, outcome);
    this.#controller?.abort(new Error(outcome));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#ended) controller.abort(new Error("given up before it was sent"));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.request.action === "login") this.#body += chunk.toString("utf8");
  }

  onResponseEnd(): void {
    this.#end(outcomeOf(this.request.action, this.#status), String(this.#status));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
    this.#end(code === "UND_ERR_CONNECT_TIMEOUT" ? "timeout" : "connectionError", `${code}: ${error.message}`);
  }

  #end(outcome: Outcome, detail: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#onEnd(this, { outcome, latencyMs: performance.now() - this.scheduledAt, detail, body: this.#body });
  }
}

/** What a status means for an action; a 409 to an order says that the stock is sold. */
export function outcomeOf(action: Action, status: number): Outcome {
  if (status === expectedStatus[action]) return "ok";
  if (status === 429) return "refused";
  if (status === 409 && action === "placeOrder") return "soldOut";
  if (status >= 500) return "serverError";
  return status >= 400 ? "clientError" : "unexpected";
}
