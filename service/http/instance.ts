/** What the internal port answers for: one process, or all workers of an instance. */
export interface Instance {
  /** Text for Prometheus. */
  metrics(): Promise<string>;
  /** Why it should get no traffic; undefined when it should. */
  notReady(): string | undefined;
  /** Forgets every cached answer and session; rejects when it may not have. */
  forget(): Promise<void>;
}
