import { defaultStackParser, makeNodeTransport, NodeClient, Scope, type ErrorEvent } from "@sentry/node";
import type { FaultPlace, FaultReporter } from "./fault-reporter.ts";
import { redact } from "./redact.ts";

/** A fault that every request meets must not keep the process busy with reporting it. */
const maxPerMinute = 60;
const closeTimeoutMs = 2_000;

/**
 * Faults to Sentry by a client of its own: none of the SDK's integrations, so that nothing is patched, and no request,
 * user, breadcrumb or local variable is collected.
 */
export class SentryReporter implements FaultReporter {
  readonly #client: NodeClient;
  #minute = 0;
  #reported = 0;

  constructor(options: {
    readonly dsn: string;
    readonly instance: string;
    readonly release: string;
    readonly environment: string;
  }) {
    this.#client = new NodeClient({
      dsn: options.dsn,
      release: options.release,
      environment: options.environment,
      serverName: options.instance,
      transport: makeNodeTransport,
      stackParser: defaultStackParser,
      integrations: [],
      enableRuntimeChannelInjection: false,
      sendClientReports: false,
      dataCollection: { userInfo: false, cookies: false, httpHeaders: false, httpBodies: [], urlQueryParams: false },
      beforeSend: withoutValues,
    });
  }

  report(error: unknown, { requestId, route }: FaultPlace = {}): void {
    const minute = Math.floor(performance.now() / 60_000);
    if (minute !== this.#minute) [this.#minute, this.#reported] = [minute, 0];
    this.#reported += 1;
    if (this.#reported > maxPerMinute) return;
    const scope = new Scope();
    if (requestId !== undefined) scope.setTag("requestId", requestId);
    if (route !== undefined) scope.setTag("route", route);
    this.#client.captureException(error, {}, scope);
  }

  async close(): Promise<void> {
    await this.#client.close(closeTimeoutMs);
  }
}

/** Of an event, what tells where it went wrong; of its texts, no value. */
function withoutValues(event: ErrorEvent): ErrorEvent {
  delete event.user;
  delete event.request;
  delete event.breadcrumbs;
  delete event.extra;
  if (event.message !== undefined) event.message = redact(event.message);
  for (const exception of event.exception?.values ?? []) {
    if (exception.value !== undefined) exception.value = redact(exception.value);
  }
  return event;
}
