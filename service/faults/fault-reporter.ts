/** Where a fault came up; nothing of who met it. */
export interface FaultPlace {
  readonly requestId?: string | undefined;
  /** Pattern of the route, never the path. */
  readonly route?: string;
}

/** Tells faults of the shop itself (its 500s and what nobody caught) to whoever repairs them. */
export interface FaultReporter {
  /** Returns at once, never throws. */
  report(error: unknown, place?: FaultPlace): void;
  /** Waits for what is still to be sent, in bounded time. */
  close(): Promise<void>;
}
