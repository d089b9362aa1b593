/** A series at one moment. */
export interface InstantSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A series over time; values that are no number are left out. */
export interface RangeSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** Seconds since 1970 and value, oldest first. */
  readonly points: readonly { readonly at: number; readonly value: number }[];
}

/** Whatever answers PromQL. */
export interface MetricsSource {
  /** For people: `the environment's Prometheus`. */
  readonly name: string;
  instant(query: string, atSeconds: number): Promise<readonly InstantSample[]>;
  range(
    query: string,
    range: { readonly start: number; readonly end: number; readonly stepSeconds: number },
  ): Promise<readonly RangeSeries[]>;
}
